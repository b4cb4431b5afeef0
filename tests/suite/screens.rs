//! Ring 3: events in, a screen out. Each scene is a file with two grids, symbols above and roles below.

mod demo;
mod failed;
mod house;

#[test]
fn peek() {
    for (w, h) in [(80, 24), (120, 36), (200, 60)] {
        for keys in ["", "2"] {
            for mut house in [demo::one_account(), demo::bad_day()] {
                if !keys.is_empty() {
                    house.press(keys);
                }
                println!("{}", house.look(w, h).split("\n\n").next().unwrap());
            }
        }
    }
}
