#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Pattern(String);
impl Pattern {
    pub(in crate::sandbox) fn parse(text: &str) -> Result<Pattern, String> {
        Ok(Pattern(text.to_owned()))
    }
    pub(in crate::sandbox) fn matches(&self, message: &str) -> bool {
        message.contains(&self.0)
    }
}
