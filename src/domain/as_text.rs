//! Names that are written down as the text they are: in a journal, in a snapshot.

/// Has a type that wraps a text read and written as that text, unchanged.
macro_rules! as_text {
    ($($type:ty, $exact:ident;)+) => {$(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.$exact())
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(Self::new)
            }
        }
    )+};
}

as_text! {
    super::Untrusted, exact;
    super::StackId, exact;
    super::AcceleratorArn, exact;
    super::AccountName, as_str;
    super::Region, as_str;
    super::operation::OperationId, as_str;
}
