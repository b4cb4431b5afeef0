//! Chance that can be repeated.
//!
//! A `Dice` is named after what it decides ("prod/eu-west-1/checkout-api"), so adding a stack to a
//! scenario does not reroll the others.

/// `SplitMix64`: eight bytes of state are enough for names and jitter.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Dice(u64);

impl Dice {
    pub(in crate::sandbox) fn named(seed: u64, name: &str) -> Dice {
        // FNV-1a spreads similar names far apart.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Dice(seed ^ hash)
    }

    /// The dice of one of many things that have numbers instead of names.
    pub(in crate::sandbox) fn numbered(seed: u64, number: i64) -> Dice {
        let mut dice = Dice(seed ^ number.cast_unsigned().wrapping_mul(0xd6e8_feb8_6659_fd93));
        dice.roll();
        dice
    }

    pub(in crate::sandbox) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `from..to`; `from` if the range is empty.
    pub(in crate::sandbox) fn between(&mut self, from: i64, to: i64) -> i64 {
        let width = u64::try_from(to.saturating_sub(from)).unwrap_or(0);
        if width == 0 {
            return from;
        }
        from.saturating_add(i64::try_from(self.roll() % width).unwrap_or(0))
    }

    /// Whether a chance of `share` (0 to 1) comes true.
    pub(in crate::sandbox) fn falls_below(&mut self, share: f64) -> bool {
        let rolled = u32::try_from(self.roll() >> 32).unwrap_or(u32::MAX);
        f64::from(rolled) < share * f64::from(u32::MAX)
    }

    /// A number from 0 up to, but not including, 1.
    pub(in crate::sandbox) fn fraction(&mut self) -> f64 {
        let half = u32::try_from(self.roll() >> 32).unwrap_or(0);
        f64::from(half) / 4_294_967_296.0
    }

    /// `length` letters of `alphabet`.
    fn spell(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .map(|_| {
                let place = self.between(0, i64::try_from(alphabet.len()).unwrap_or(1));
                char::from(alphabet[usize::try_from(place).unwrap_or(0)])
            })
            .collect()
    }

    pub(in crate::sandbox) fn hex(&mut self, length: usize) -> String {
        self.spell(b"0123456789abcdef", length)
    }

    /// The kind of suffix that CloudFormation gives to physical names.
    pub(in crate::sandbox) fn suffix(&mut self, length: usize) -> String {
        self.spell(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length)
    }

    pub(in crate::sandbox) fn uuid(&mut self) -> String {
        format!(
            "{}-{}-4{}-a{}-{}",
            self.hex(8),
            self.hex(4),
            self.hex(3),
            self.hex(3),
            self.hex(12)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_and_seed_decide_the_same() {
        assert_eq!(Dice::named(7, "a").uuid(), Dice::named(7, "a").uuid());
        assert_ne!(Dice::named(7, "a").uuid(), Dice::named(7, "b").uuid());
        assert_ne!(Dice::named(7, "a").uuid(), Dice::named(8, "a").uuid());
    }

    #[test]
    fn a_number_stays_in_its_range() {
        let mut dice = Dice::named(1, "range");
        assert!((0..1_000).all(|_| (5..9).contains(&dice.between(5, 9))));
        assert_eq!(dice.between(3, 3), 3);
    }
}
