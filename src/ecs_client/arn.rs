//! The ARN of a revision.

/// `arn:PARTITION:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionArn {
    text: String,
    revision: i64,
}

impl RevisionArn {
    /// Takes it apart; none for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let (family, revision) = text.rsplit_once(':')?;
        let parts: Vec<&str> = family.split(':').collect();
        let is_revision = parts.len() == 6
            && parts[0] == "arn"
            && parts[2] == "ecs"
            && parts[5].starts_with("task-definition/");
        let revision = revision.parse().ok().filter(|_| is_revision)?;
        Some(Self { text: text.to_owned(), revision })
    }

    /// The whole.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number at its end.
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// The ARN of the family.
    pub fn without_revision(&self) -> &str {
        self.text.rsplit_once(':').map_or("", |(family, _)| family)
    }

    /// The family.
    pub fn family(&self) -> &str {
        self.without_revision().rsplit_once('/').map_or("", |(_, family)| family)
    }

    /// The account.
    pub fn account(&self) -> &str {
        self.text.split(':').nth(4).unwrap_or_default()
    }

    /// The region.
    pub fn region(&self) -> &str {
        self.text.split(':').nth(3).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_taken_apart() {
        let text = "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/orders_v2:17";
        let arn = RevisionArn::parse(text).unwrap();
        assert_eq!((arn.family(), arn.region(), arn.revision()), ("orders_v2", "cn-north-1", 17));
        assert_eq!(arn.account(), "123456789012");
        assert_eq!(
            arn.without_revision(),
            "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/orders_v2"
        );
        assert_eq!(arn.as_str(), text);
        for wrong in [
            "",
            "orders:1",
            "arn:aws:ecs:eu-west-1:1:task-definition/orders",
            "arn:aws:ecs:eu-west-1:1:service/orders:1",
        ] {
            assert!(RevisionArn::parse(wrong).is_none(), "{wrong}");
        }
    }
}
