//! Which version an alias goes back to, and in which steps.

use super::super::{AliasTarget, Call, Gate, Pace, Step};
use crate::domain::{FunctionVersion, Scope, Untrusted};

/// AWS's name for what is not published.
const LATEST: &str = "$LATEST";

/// The shares that the earlier version has, one after the other, as parts of one; all of it comes last.
const SHARES: [f64; 3] = [0.01, 0.10, 0.50];

/// How many calls in a hundred may fail while two versions share them, and how long that is watched.
const ERRORS: (f64, u32) = (5.0, 180);

/// The version to go back to from `current`: the chosen one if it exists, else the highest published one below. From
/// `$LATEST`: the highest whose code is another than `latest`'s. A version that was deleted is passed over.
pub fn earlier(
    function: &Untrusted,
    current: &str,
    latest: Option<&Untrusted>,
    versions: &[FunctionVersion],
    chosen: Option<&str>,
) -> Result<Untrusted, String> {
    let name = function.safe();
    if let Some(chosen) = chosen {
        let found = versions.iter().find(|it| it.version.exact() == chosen);
        return match found {
            Some(version) => Ok(version.version.clone()),
            None if chosen == LATEST => Ok(LATEST.into()),
            None => {
                let chosen = crate::domain::untrusted::sanitise(chosen);
                Err(format!(
                    "{name} has no version {chosen}{}.",
                    which(versions)
                ))
            }
        };
    }
    let is_earlier = |version: &&FunctionVersion| match (current.parse::<u64>(), latest) {
        (Ok(current), _) => version.number().is_some_and(|number| number < current),
        (Err(_), Some(latest)) => version.number().is_some() && version.code != *latest,
        (Err(_), None) => false,
    };
    let found = versions.iter().filter(is_earlier);
    found
        .max_by_key(|version| version.number())
        .map(|version| version.version.clone())
        .ok_or_else(|| format!("There is no earlier version of {name} to go back to."))
}

/// `: it has 7, 5, 4`
fn which(versions: &[FunctionVersion]) -> String {
    const ENOUGH: usize = 8;
    let some: Vec<_> = versions
        .iter()
        .take(ENOUGH)
        .map(|it| it.version.safe())
        .collect();
    match (some.is_empty(), versions.len() > ENOUGH) {
        (true, _) => "; none was ever published".to_owned(),
        (false, false) => format!(": it has {}", some.join(", ")),
        (false, true) => format!(": it has {}, …", some.join(", ")),
    }
}

/// The steps from `before` to all of `target`; none where the alias points there already.
///
/// # Errors
///
/// Why it cannot go gradually, as a sentence: AWS shares calls between published versions alone.
pub fn steps(
    (scope, function, alias): (&Scope, &Untrusted, &str),
    before: &AliasTarget,
    target: &Untrusted,
    pace: Pace,
) -> Result<Vec<Step>, String> {
    let end = AliasTarget::whole(target.clone());
    if *before == end {
        return Ok(Vec::new());
    }
    let call = |before: &AliasTarget, after: &AliasTarget| {
        Step::Call(Call::UpdateAlias {
            function: function.clone(),
            alias: alias.to_owned(),
            before: before.clone(),
            after: after.clone(),
        })
    };
    // What else shares the calls is taken away at once.
    if pace == Pace::AtOnce || before.version == *target {
        return Ok(vec![call(before, &end)]);
    }
    if before.version.exact() == LATEST || target.exact() == LATEST {
        return Err(format!(
            "{LATEST} cannot share its calls with another version: move the alias at once."
        ));
    }
    let (percent, seconds) = ERRORS;
    let mut steps = Vec::new();
    let mut at = before.clone();
    for share in SHARES {
        let next = AliasTarget {
            version: before.version.clone(),
            weights: vec![(target.clone(), share)],
        };
        steps.push(call(&at, &next));
        steps.push(Step::Gate(Gate::Errors {
            scope: scope.clone(),
            function: function.clone(),
            alias: alias.to_owned(),
            percent,
            seconds,
        }));
        at = next;
    }
    steps.push(call(&at, &end));
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountName, Region};

    fn versions(codes: &[(&str, &str)]) -> Vec<FunctionVersion> {
        let version = |(number, code): &(&str, &str)| FunctionVersion {
            version: (*number).into(),
            description: None,
            modified: None,
            code: (*code).into(),
            runtime: None,
        };
        codes.iter().map(version).collect()
    }

    #[test]
    fn the_highest_that_exists_below_is_what_one_goes_back_to() {
        let with_a_gap = &[("19", "d"), ("18", "c"), ("16", "b"), ("9", "a")];
        for (current, latest, codes, chosen, expected) in [
            ("19", None, with_a_gap.as_slice(), None, Ok("18")),
            // 17 was deleted; and nine is less than sixteen.
            ("18", None, with_a_gap, None, Ok("16")),
            ("16", None, with_a_gap, None, Ok("9")),
            (
                "9",
                None,
                with_a_gap,
                None,
                Err("no earlier version of api"),
            ),
            ("1", None, &[("1", "a")], None, Err("no earlier version")),
            ("$LATEST", Some("d"), with_a_gap, None, Ok("18")),
            ("$LATEST", Some("x"), with_a_gap, None, Ok("19")),
            ("$LATEST", Some("a"), &[("1", "a")], None, Err("no earlier")),
            ("$LATEST", Some("a"), &[], None, Err("no earlier version")),
            ("19", None, with_a_gap, Some("9"), Ok("9")),
            ("18", None, with_a_gap, Some("19"), Ok("19")),
            ("18", None, with_a_gap, Some("$LATEST"), Ok("$LATEST")),
            (
                "19",
                None,
                with_a_gap,
                Some("17"),
                Err("no version 17: it has 19, 18, 16, 9."),
            ),
            ("19", None, &[], Some("17"), Err("none was ever published")),
        ] {
            let latest = latest.map(Untrusted::new);
            let found = earlier(
                &"api".into(),
                current,
                latest.as_ref(),
                &versions(codes),
                chosen,
            );
            match (&found, expected) {
                (Ok(version), Ok(expected)) => assert_eq!(version.exact(), expected, "{current}"),
                (Err(why), Err(part)) => assert!(why.contains(part), "{why}"),
                _ => panic!("{current} {chosen:?}: {found:?}"),
            }
        }
    }

    fn shift(before: &AliasTarget, target: &str, pace: Pace) -> Result<Vec<String>, String> {
        let scope = Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"));
        let place = (&scope, &Untrusted::new("api"), "ACTIVE");
        let words = |step: &Step| match step {
            Step::Call(call) => call.words(),
            Step::Gate(gate) => gate.words(),
        };
        Ok(steps(place, before, &target.into(), pace)?
            .iter()
            .map(words)
            .collect())
    }

    #[test]
    fn it_goes_at_once_or_in_shares_with_a_look_at_the_errors_between() {
        let whole = AliasTarget::whole("19".into());
        let shared = AliasTarget {
            version: "19".into(),
            weights: vec![("18".into(), 0.25)],
        };
        assert_eq!(
            shift(&whole, "18", Pace::AtOnce),
            Ok(vec!["alias ACTIVE 19 → 18".to_owned()])
        );
        assert_eq!(
            shift(&whole, "18", Pace::Gradual),
            Ok([
                "alias ACTIVE 19 → 19 and 18 at 1 %",
                "errors < 5 % for 3m 00s",
                "alias ACTIVE 19 and 18 at 1 % → 19 and 18 at 10 %",
                "errors < 5 % for 3m 00s",
                "alias ACTIVE 19 and 18 at 10 % → 19 and 18 at 50 %",
                "errors < 5 % for 3m 00s",
                "alias ACTIVE 19 and 18 at 50 % → 18",
            ]
            .map(str::to_owned)
            .to_vec())
        );
        assert_eq!(
            shift(&shared, "19", Pace::Gradual),
            Ok(vec!["alias ACTIVE 19 and 18 at 25 % → 19".to_owned()])
        );
        assert_eq!(shift(&whole, "19", Pace::AtOnce), Ok(Vec::new()));
        let latest = AliasTarget::whole("$LATEST".into());
        assert!(shift(&latest, "18", Pace::Gradual).is_err());
        assert_eq!(shift(&latest, "18", Pace::AtOnce).unwrap().len(), 1);
    }
}
