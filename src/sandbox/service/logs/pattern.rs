use super::Refused;
#[derive(Debug)]
pub(super) struct Pattern(String);
impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Pattern, Refused> { Ok(Pattern(text.to_owned())) }
    pub(super) fn matches(&self, message: &str) -> bool { message.contains(&self.0) }
}
