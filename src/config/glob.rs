//! Patterns for names: `*` is any run of characters, `?` any single one.

/// Whether a text is a pattern rather than a name.
pub fn is_glob(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether a name fits a pattern.
pub fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut in_name) = (0, 0);
    // The last star, and how much of the name it has taken; going back to it instead of trying every star again
    // keeps a pattern of many stars cheap.
    let mut star: Option<(usize, usize)> = None;
    while in_name < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_name));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == name[in_name] => {
                at += 1;
                in_name += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else {
                    return false;
                };
                star = Some((star_at, taken + 1));
                at = star_at + 1;
                in_name = taken + 1;
            }
        }
    }
    pattern.iter().skip(at).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_take_any_run_and_question_marks_one() {
        for (pattern, name, fits) in [
            ("*", "", true),
            ("*", "eu-west-1", true),
            ("eu-*", "eu-west-1", true),
            ("eu-*", "us-west-1", false),
            ("*-west-?", "eu-west-1", true),
            ("*-west-?", "eu-west-12", false),
            ("*west*1", "us-gov-west-1", true),
            ("eu-west-1", "eu-west-1", true),
            ("eu-west-1", "eu-west-11", false),
            ("?", "é", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_stay_cheap() {
        let pattern = "*a".repeat(40);
        assert!(!matches(&pattern, &format!("{}b", "a".repeat(200))));
    }
}
