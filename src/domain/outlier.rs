//! Which region does worse than its peers, by one figure.
//!
//! A region is compared with the middle of the *others*, so that it cannot hide in an average that it makes itself.
//! Figures that are small in themselves are never outliers, however many times the others' they are.

/// How far above its peers a figure has to lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// So many times the middle of the others.
    pub times: f64,
    /// And so much more than it.
    pub beyond: f64,
    /// And so much in itself.
    pub least: f64,
}

/// Errors for each hundred calls: 41.7 among 0.02 is one, 0.1 among 0.02 is not.
pub const ERROR_RATE: Distance = Distance {
    times: 3.0,
    beyond: 1.0,
    least: 1.0,
};

/// Milliseconds of the slowest hundredth: what distance alone makes (a cold region) is not one.
pub const P99: Distance = Distance {
    times: 2.5,
    beyond: 200.0,
    least: 250.0,
};

/// For every figure whether it is an outlier; what is not known is none, and is nobody's peer.
pub fn outliers(figures: &[Option<f64>], distance: Distance) -> Vec<bool> {
    let judge = |(index, figure): (usize, &Option<f64>)| {
        let peers = figures
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index);
        let peers: Vec<f64> = peers.filter_map(|(_, figure)| *figure).collect();
        match (figure, middle(peers)) {
            (Some(figure), Some(middle)) => {
                *figure >= distance.least
                    && *figure >= middle * distance.times
                    && *figure - middle >= distance.beyond
            }
            (Some(_) | None, _) => false,
        }
    };
    figures.iter().enumerate().map(judge).collect()
}

/// The middle one; of two middle ones the lower, so that one bad peer of two hides nobody.
fn middle(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_region_is_compared_with_the_others() {
        let known = |figures: &[f64]| figures.iter().copied().map(Some).collect::<Vec<_>>();
        for (rates, found) in [
            (
                known(&[0.02, 41.7, 0.0, 0.1]),
                vec![false, true, false, false],
            ),
            (known(&[0.02, 0.1, 0.02]), vec![false; 3]),
            (known(&[0.0, 0.9]), vec![false; 2]),
            (known(&[0.0, 1.2]), vec![false, true]),
            (known(&[30.0, 41.7, 35.0]), vec![false; 3]),
            (
                known(&[40.0, 41.0, 0.1, 0.2, 0.1]),
                vec![true, true, false, false, false],
            ),
            (vec![Some(41.7)], vec![false]),
            (vec![Some(41.7), None, None], vec![false; 3]),
            (vec![Some(41.7), None, Some(0.1)], vec![true, false, false]),
            (Vec::new(), Vec::new()),
        ] {
            assert_eq!(outliers(&rates, ERROR_RATE), found, "{rates:?}");
        }
        let p99 = known(&[212.0, 1_893.0, 240.0, 305.0]);
        assert_eq!(outliers(&p99, P99), [false, true, false, false]);
        assert_eq!(outliers(&known(&[20.0, 90.0, 25.0]), P99), [false; 3]);
    }

    proptest! {
        #[test]
        fn equals_are_never_outliers_and_the_least_never_is(figure in 0.0f64..1e6, figures in prop::collection::vec(0.0f64..1e6, 1..20)) {
            prop_assert!(!outliers(&[Some(figure); 5], ERROR_RATE).contains(&true));
            let least = figures.iter().copied().reduce(f64::min);
            let all: Vec<_> = figures.into_iter().map(Some).collect();
            for (figure, is_outlier) in all.iter().zip(outliers(&all, P99)) {
                prop_assert!(!is_outlier || *figure > least);
            }
        }
    }
}
