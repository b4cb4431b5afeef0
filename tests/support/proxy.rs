//! A proxy that stands before a server of AWS's protocols and misbehaves: for all, or for one region only.
//!
//! One port serves every region, so the proxy reads the region from each request's signature. For that it takes
//! one request per connection and asks the server to close after its answer. Everything it varies comes from a
//! seed and the number of the connection, never from the clock.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::spawn;
use std::time::Duration;

/// How a request fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The answer comes later by some time between the two.
    Latency(Duration, Duration),
    /// The request is taken and nothing ever comes back.
    BlackHole,
    /// The connection is reset instead of an answer.
    Reset,
    /// The answer is whole, but the connection stays open behind it for so long.
    SlowClose(Duration),
    /// The answer breaks off after so many bytes.
    Truncate(usize),
    /// The answer arrives in pieces of a few bytes.
    Slice,
    /// A login page answers in the server's place, with a 200.
    Html,
    /// Somebody in the middle sends the client elsewhere.
    Redirect,
}

/// One request that came by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passed {
    /// As the signature says it; empty when the request was not signed.
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) fault: Fault,
}

/// A running proxy; it stops, and lets go of every connection, when dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    server: SocketAddr,
    seed: u64,
    state: Mutex<State>,
    stopped: Condvar,
}

#[derive(Default)]
struct State {
    everywhere: Option<Fault>,
    regions: BTreeMap<String, Fault>,
    passed: Vec<Passed>,
    open: BTreeMap<u64, TcpStream>,
    is_stopped: bool,
}

impl Proxy {
    /// Stands on a free port of this machine before `server`.
    pub(crate) fn before(server: SocketAddr, seed: u64) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("this machine has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared {
            server,
            seed,
            state: Mutex::default(),
            stopped: Condvar::new(),
        });
        spawn({
            let shared = Arc::clone(&shared);
            move || shared.listen(&listener)
        });
        Self { address, shared }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on, for every region that has no fault of its own.
    pub(crate) fn fault(&self, fault: Fault) {
        self.shared.lock().everywhere = Some(fault);
    }

    /// From now on, for one region.
    pub(crate) fn fault_in(&self, region: &str, fault: Fault) {
        self.shared.lock().regions.insert(region.to_owned(), fault);
    }

    /// Ends every fault; requests already swallowed stay so.
    pub(crate) fn heal(&self) {
        let mut state = self.shared.lock();
        state.everywhere = None;
        state.regions.clear();
    }

    /// Every request so far, in the order of arrival.
    pub(crate) fn passed(&self) -> Vec<Passed> {
        self.shared.lock().passed.clone()
    }

    /// How many connections are open now.
    pub(crate) fn open(&self) -> usize {
        self.shared.lock().open.len()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let open = {
            let mut state = self.shared.lock();
            state.is_stopped = true;
            std::mem::take(&mut state.open)
        };
        self.shared.stopped.notify_all();
        for stream in open.values() {
            // It may have been closed from the other side.
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Wakes the listener, which then sees that it is to stop.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(self: &Arc<Self>, listener: &TcpListener) {
        for (number, client) in (0..).zip(listener.incoming()) {
            let Ok(client) = client else { continue };
            {
                let mut state = self.lock();
                if state.is_stopped {
                    return;
                }
                let copy = client.try_clone().expect("a handle can be copied");
                state.open.insert(number, copy);
            }
            let shared = Arc::clone(self);
            spawn(move || {
                // Either side may close at any time; that is what is being tested.
                let _ = shared.serve(client, number);
                shared.lock().open.remove(&number);
            });
        }
    }

    fn serve(&self, mut client: TcpStream, number: u64) -> io::Result<()> {
        let Some(request) = Request::read(&client)? else {
            return Ok(());
        };
        let fault = self.note(&request);
        let mut chance = Chance(self.seed ^ number);
        match fault {
            Fault::None => self.answer(&request, &mut client),
            Fault::Latency(least, most) => {
                self.pause(least + (most.saturating_sub(least)).mul_f64(chance.part()));
                self.answer(&request, &mut client)
            }
            Fault::BlackHole => io::copy(&mut client, &mut io::sink()).map(drop),
            Fault::Reset => socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO)),
            Fault::SlowClose(time) => {
                self.answer(&request, &mut client)?;
                self.pause(time);
                Ok(())
            }
            Fault::Truncate(length) => {
                let answer = self.fetch(&request)?;
                client.write_all(&answer[..length.min(answer.len())])
            }
            Fault::Slice => {
                client.set_nodelay(true)?;
                let answer = self.fetch(&request)?;
                let mut rest = answer.as_slice();
                while !rest.is_empty() {
                    let (piece, after) = rest.split_at(rest.len().min(1 + chance.below(7)));
                    client.write_all(piece)?;
                    rest = after;
                }
                Ok(())
            }
            Fault::Html => page(
                &mut client,
                "200 OK",
                "<html><body>Please log in to the network.</body></html>",
            ),
            Fault::Redirect => page(
                &mut client,
                "302 Found\r\nLocation: http://127.0.0.1:9/login",
                "",
            ),
        }
    }

    fn note(&self, request: &Request) -> Fault {
        let mut state = self.lock();
        let own = state.regions.get(&request.region).copied();
        let fault = own.or(state.everywhere).unwrap_or(Fault::None);
        let Request {
            region, service, ..
        } = request;
        state.passed.push(Passed {
            region: region.clone(),
            service: service.clone(),
            fault,
        });
        fault
    }

    /// Lets time go by, unless the proxy stops first.
    fn pause(&self, time: Duration) {
        let waited = self
            .stopped
            .wait_timeout_while(self.lock(), time, |state| !state.is_stopped);
        drop(waited);
    }

    fn send(&self, request: &Request) -> io::Result<TcpStream> {
        let mut server = TcpStream::connect(self.server)?;
        server.write_all(&request.bytes)?;
        Ok(server)
    }

    fn answer(&self, request: &Request, client: &mut TcpStream) -> io::Result<()> {
        io::copy(&mut self.send(request)?, client).map(drop)
    }

    fn fetch(&self, request: &Request) -> io::Result<Vec<u8>> {
        let mut answer = Vec::new();
        self.send(request)?.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

fn page(client: &mut TcpStream, status: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    write!(
        client,
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// A whole request, with `Connection: close` in place of what the client said about it.
struct Request {
    bytes: Vec<u8>,
    region: String,
    service: String,
}

impl Request {
    /// Reads one request; nothing when the client left without one.
    fn read(client: &TcpStream) -> io::Result<Option<Self>> {
        let mut lines = BufReader::new(client);
        let (mut head, mut length, mut scope) = (String::new(), 0, None);
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            let (name, value) = line.trim_end().split_once(':').unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "connection" => continue,
                "content-length" => length = value.trim().parse().unwrap_or(0),
                "authorization" => scope = scope_of(value),
                _ => {}
            }
            if line.trim_end().is_empty() {
                break;
            }
            head.push_str(&line);
        }
        head.push_str("Connection: close\r\n\r\n");
        let mut bytes = head.into_bytes();
        lines.take(length).read_to_end(&mut bytes)?;
        let (region, service) = scope.unwrap_or_default();
        Ok(Some(Self {
            bytes,
            region,
            service,
        }))
    }
}

/// Region and service of `AWS4-HMAC-SHA256 Credential=AKID/20261120/eu-west-1/cloudformation/aws4_request, …`.
fn scope_of(authorization: &str) -> Option<(String, String)> {
    let (_, credential) = authorization.split_once("Credential=")?;
    let mut parts = credential.split('/').skip(2);
    Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
}

/// Chance from a seed (SplitMix64): the same connection fares the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From zero to one.
    fn part(&mut self) -> f64 {
        let draw = u32::try_from(self.next() >> 32).expect("32 bits are left");
        f64::from(draw) / f64::from(u32::MAX)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).map_or(0, |draw| draw % limit)
    }
}
