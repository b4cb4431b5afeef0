//! What is the same everywhere once, and beside it what is not, by place.

/// Things that several places have, each with which of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Common<P, T> {
    /// What every place has.
    pub(super) everywhere: Vec<T>,
    /// What only these have, places of the same differences together.
    pub(super) only: Vec<(Vec<P>, Vec<T>)>,
}

/// Sorts out what the lists of all places have in common. Where there is one place alone, everything is.
pub(super) fn common<P: Clone, T: Clone + PartialEq>(lists: &[(P, Vec<T>)]) -> Common<P, T> {
    let Some(((_, first), rest)) = lists.split_first() else {
        return Common {
            everywhere: Vec::new(),
            only: Vec::new(),
        };
    };
    let is_everywhere = |thing: &T| rest.iter().all(|(_, list)| list.contains(thing));
    let everywhere: Vec<T> = first
        .iter()
        .filter(|it| is_everywhere(it))
        .cloned()
        .collect();
    let mut only: Vec<(Vec<P>, Vec<T>)> = Vec::new();
    for (place, list) in lists {
        let own = list.iter().filter(|thing| !everywhere.contains(thing));
        let own: Vec<T> = own.cloned().collect();
        if own.is_empty() {
            continue;
        }
        match only.iter_mut().find(|(_, known)| *known == own) {
            Some((places, _)) => places.push(place.clone()),
            None => only.push((vec![place.clone()], own)),
        }
    }
    Common { everywhere, only }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_have_stands_once_and_like_differences_together() {
        let lists = [
            ("a", vec![1, 2]),
            ("b", vec![1, 3]),
            ("c", vec![1, 3]),
            ("d", vec![1]),
        ];
        assert_eq!(
            common(&lists),
            Common {
                everywhere: vec![1],
                only: vec![(vec!["a"], vec![2]), (vec!["b", "c"], vec![3])]
            }
        );
        assert_eq!(common(&lists[..1]).everywhere, [1, 2]);
    }
}
