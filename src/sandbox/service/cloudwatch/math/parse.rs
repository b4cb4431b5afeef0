//! Metric math as text: numbers, ids, strings, operators, lists and calls, into a tree.

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Number(f64),
    Text(String),
    Name(String),
    List(Vec<Tree>),
    Negative(Box<Tree>),
    Binary(Operator, Box<Tree>, Box<Tree>),
    Call(String, Vec<Tree>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Operator {
    const ALL: [(&'static str, Operator, u8); 13] = [
        ("||", Operator::Or, 1),
        ("&&", Operator::And, 2),
        ("==", Operator::Equal, 3),
        ("!=", Operator::Unequal, 3),
        ("<=", Operator::AtMost, 3),
        (">=", Operator::AtLeast, 3),
        ("<", Operator::Less, 3),
        (">", Operator::Greater, 3),
        ("+", Operator::Add, 4),
        ("-", Operator::Subtract, 4),
        ("*", Operator::Multiply, 5),
        ("/", Operator::Divide, 5),
        ("^", Operator::Power, 6),
    ];

    pub(super) fn of(self, left: f64, right: f64) -> f64 {
        let truth = |yes: bool| f64::from(u8::from(yes));
        let (is_left, is_right) = (left != 0.0, right != 0.0);
        match self {
            Operator::Or => truth(is_left || is_right),
            Operator::And => truth(is_left && is_right),
            #[allow(
                clippy::float_cmp,
                reason = "that is what the operator of the expression asks"
            )]
            Operator::Equal => truth(left == right),
            #[allow(
                clippy::float_cmp,
                reason = "that is what the operator of the expression asks"
            )]
            Operator::Unequal => truth(left != right),
            Operator::Less => truth(left < right),
            Operator::AtMost => truth(left <= right),
            Operator::Greater => truth(left > right),
            Operator::AtLeast => truth(left >= right),
            Operator::Add => left + right,
            Operator::Subtract => left - right,
            Operator::Multiply => left * right,
            Operator::Divide => left / right,
            Operator::Power => left.powf(right),
        }
    }
}

/// How deep parentheses may be.
const DEEPEST: usize = 64;

/// Reads an expression; the error says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Tree, String> {
    let mut parser = Parser {
        rest: text,
        depth: 0,
    };
    let tree = parser.expression(0)?;
    parser.skip_blanks();
    if parser.rest.is_empty() {
        Ok(tree)
    } else {
        Err(format!("Unexpected {:?}", parser.rest))
    }
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, token: &str) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.takes(token) {
            Ok(())
        } else {
            Err(format!("Expected {token:?} before {:?}", self.rest))
        }
    }

    /// Takes letters off the front as long as they are of a kind.
    fn word(&mut self, of: impl Fn(char) -> bool) -> &'t str {
        let end = self
            .rest
            .find(|letter| !of(letter))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Everything that binds at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<Tree, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("The expression is too deep".to_owned());
        }
        let mut left = self.operand()?;
        loop {
            self.skip_blanks();
            let known = Operator::ALL
                .iter()
                .find(|(sign, _, _)| self.rest.starts_with(sign));
            let Some((sign, operator, binds)) = known.filter(|(_, _, binds)| *binds >= least)
            else {
                break;
            };
            self.expect(sign)?;
            let right = self.expression(binds + 1)?;
            left = Tree::Binary(*operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Tree, String> {
        if self.takes("-") {
            // Binds tighter than everything but a power.
            return Ok(Tree::Negative(Box::new(self.expression(6)?)));
        }
        if self.takes("(") {
            let inner = self.expression(0)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.takes("[") {
            return Ok(Tree::List(self.items("]")?));
        }
        for quote in ['\'', '"'] {
            if self.takes(quote.encode_utf8(&mut [0; 4])) {
                let text = self.word(|letter| letter != quote).to_owned();
                self.expect(quote.encode_utf8(&mut [0; 4]))?;
                return Ok(Tree::Text(text));
            }
        }
        let first = self.rest.chars().next();
        match first {
            Some('0'..='9' | '.') => {
                let digits = self.word(|letter| letter.is_ascii_digit() || letter == '.');
                let number = digits.parse();
                number
                    .map(Tree::Number)
                    .map_err(|error| format!("{digits:?} is no number: {error}"))
            }
            Some(letter) if letter.is_ascii_alphabetic() => {
                let name = self.word(|letter| letter.is_ascii_alphanumeric() || letter == '_');
                if self.takes("(") {
                    return Ok(Tree::Call(name.to_ascii_uppercase(), self.items(")")?));
                }
                Ok(Tree::Name(name.to_owned()))
            }
            Some(_) => Err(format!("Unexpected {:?}", self.rest)),
            None => Err("The expression ends too early".to_owned()),
        }
    }

    fn items(&mut self, end: &str) -> Result<Vec<Tree>, String> {
        let mut items = Vec::new();
        if self.takes(end) {
            return Ok(items);
        }
        loop {
            items.push(self.expression(0)?);
            if self.takes(end) {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> f64 {
        fn value(tree: &Tree) -> f64 {
            match tree {
                Tree::Number(number) => *number,
                Tree::Negative(inner) => -value(inner),
                Tree::Binary(operator, left, right) => operator.of(value(left), value(right)),
                other => panic!("{other:?} is no arithmetic"),
            }
        }
        value(&parse(text).unwrap())
    }

    #[test]
    fn arithmetic_binds_as_it_does_everywhere() {
        for (text, value) in [
            ("1 + 2*3", 7.0_f64),
            ("(1+2)*3", 9.0),
            ("10-4-3", 3.0),
            ("2*3^2", 18.0),
            ("-2 + 5", 3.0),
            ("1 + 1 >= 2 && 3 < 2", 0.0),
            ("100 / 8", 12.5),
        ] {
            assert!((number(text) - value).abs() < f64::EPSILON, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_and_never_a_panic() {
        for text in [
            "", "m1 +", "SUM(m1", "[m1, ", "'open", "m1 $ 2", "1.2.3", "é",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"(".repeat(10_000)).is_err());
    }

    #[test]
    fn calls_have_lists_and_strings() {
        assert_eq!(
            parse("sum([m1, METRICS('err')])"),
            Ok(Tree::Call(
                "SUM".to_owned(),
                vec![Tree::List(vec![
                    Tree::Name("m1".to_owned()),
                    Tree::Call("METRICS".to_owned(), vec![Tree::Text("err".to_owned())]),
                ])]
            ))
        );
    }
}
