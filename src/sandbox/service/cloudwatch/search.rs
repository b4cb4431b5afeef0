//! `SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors"', 'Sum', 300)`: metrics by what they are called.

use super::data::Stat;
use crate::sandbox::world::metrics::{Board, Metric, Statistic};

const MOST_FOUND: usize = 500;

pub(super) struct Found {
    /// With their labels.
    pub(super) stats: Vec<(String, Stat)>,
    /// There were more.
    pub(super) cut: bool,
}

/// A word that a metric has to have.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    /// `MetricName`, `Namespace` or a dimension; any of them if `None`.
    key: Option<String>,
    word: String,
    /// In quotes: the whole value, and not a part of it.
    exact: bool,
}

pub(super) fn search(board: &Board, text: &str, name: &str, period: i64) -> Result<Found, String> {
    let statistic = Statistic::parse(name).ok_or_else(|| format!("{name} is not a statistic"))?;
    let (schema, rest) = schema(text)?;
    let terms = terms(rest)?;
    let mut metrics = board.metrics();
    metrics.retain(|metric| {
        let fits = schema.as_ref().is_none_or(|schema| schema.fits(metric));
        fits && terms.iter().all(|term| term.fits(metric))
    });
    let cut = metrics.len() > MOST_FOUND;
    metrics.truncate(MOST_FOUND);
    let alike = metrics
        .first()
        .is_none_or(|first| metrics.iter().all(|other| other.name == first.name));
    let stats = metrics.into_iter().map(|metric| {
        let values: Vec<&str> = metric
            .dimensions
            .iter()
            .map(|(_, value)| value.as_str())
            .collect();
        let label = match (values.join(" "), alike) {
            (values, true) if !values.is_empty() => values,
            (values, _) => format!("{values} {}", metric.name).trim().to_owned(),
        };
        let stat = Stat {
            statistic,
            name: name.to_owned(),
            period,
            unit: None,
            metric,
        };
        (label, stat)
    });
    Ok(Found {
        stats: stats.collect(),
        cut,
    })
}

/// A namespace and exactly these dimensions.
struct Schema {
    namespace: String,
    dimensions: Vec<String>,
}

impl Schema {
    fn fits(&self, metric: &Metric) -> bool {
        let own = metric.dimensions.iter().map(|(name, _)| name);
        metric.namespace == self.namespace && own.eq(&self.dimensions)
    }
}

fn schema(text: &str) -> Result<(Option<Schema>, &str), String> {
    let text = text.trim_start();
    let Some(rest) = text.strip_prefix('{') else {
        return Ok((None, text));
    };
    let (inside, rest) = rest
        .split_once('}')
        .ok_or("The schema of SEARCH has no end")?;
    let mut parts = inside
        .split(',')
        .map(|part| part.trim().trim_matches('"').to_owned());
    let namespace = parts.next().unwrap_or_default();
    let mut dimensions: Vec<String> = parts.collect();
    dimensions.sort();
    let schema = Schema {
        namespace,
        dimensions,
    };
    Ok((Some(schema), rest))
}

fn terms(text: &str) -> Result<Vec<Term>, String> {
    let mut terms = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let key_end = rest
            .find(|letter: char| letter == '=' || letter == '"' || letter.is_whitespace())
            .unwrap_or(rest.len());
        let (mut word, mut after) = rest.split_at(key_end);
        let mut key = None;
        if let Some(value) = after.strip_prefix('=') {
            key = Some(word.to_owned());
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            (word, after) = value.split_at(if value.starts_with('"') { 0 } else { end });
        }
        let exact = after.starts_with('"') && word.is_empty();
        if exact {
            let quoted = after.trim_start_matches('"');
            (word, after) = quoted.split_once('"').ok_or("A quote has no end")?;
        }
        if ["OR", "NOT"].contains(&word) && key.is_none() && !exact {
            return Err(format!("{word} is not understood in SEARCH here"));
        }
        if word != "AND" && !word.is_empty() {
            terms.push(Term {
                key,
                word: word.to_owned(),
                exact,
            });
        }
        rest = after.trim_start();
    }
    Ok(terms)
}

impl Term {
    fn fits(&self, metric: &Metric) -> bool {
        let own = [
            ("Namespace", metric.namespace.as_str()),
            ("MetricName", metric.name.as_str()),
        ];
        let dimensions = metric.dimensions.iter();
        let mut values = own
            .into_iter()
            .chain(dimensions.map(|(name, value)| (name.as_str(), value.as_str())));
        let wanted = self.word.to_lowercase();
        values.any(|(name, value)| {
            let named = self.key.as_ref().is_none_or(|key| key == name);
            let value = value.to_lowercase();
            named && (value == wanted || (!self.exact && value.contains(&wanted)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_exact_in_quotes_and_parts_elsewhere() {
        let metric = Metric {
            namespace: "AWS/Lambda".to_owned(),
            name: "Errors".to_owned(),
            dimensions: vec![(
                "FunctionName".to_owned(),
                "checkout-api-Function".to_owned(),
            )],
        };
        for (text, fits) in [
            (r#" MetricName="Errors""#, true),
            (r#"MetricName="Error""#, false),
            ("MetricName=Error", true),
            ("checkout", true),
            (
                r#"MetricName="Errors" FunctionName="checkout-api-Function""#,
                true,
            ),
            (r#"MetricName="Errors" AND orders"#, false),
            ("", true),
        ] {
            let terms = terms(text).unwrap();
            assert_eq!(terms.iter().all(|term| term.fits(&metric)), fits, "{text}");
        }
        assert!(terms("\"open").is_err());
    }
}
