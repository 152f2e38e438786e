//! Amazon Resource Names: `arn:partition:service:region:account:resource`.

/// A name taken apart. Nothing is checked but that all six parts are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov` or another.
    pub partition: &'a str,
    /// Such as `iam`.
    pub service: &'a str,
    /// Such as `eu-central-1`; empty for what is in no region.
    pub region: &'a str,
    /// Twelve digits; empty for what is in no account.
    pub account: &'a str,
    /// What comes behind the fifth colon, colons and all.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Reads a name; none for any other text.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let is_one = parts.next() == Some("arn");
        let mut part = || parts.next().filter(|_| is_one);
        let (partition, service, region) = (part()?, part()?, part()?);
        Some(Self { partition, service, region, account: part()?, resource: part()? })
    }

    /// Whether the partition is one of AWS's: `aws` or one whose name goes on behind `aws-`. They are not listed, because AWS
    /// opens new ones.
    pub fn is_in_a_partition(&self) -> bool {
        self.partition == "aws"
            || self.partition.strip_prefix("aws-").is_some_and(|rest| {
                !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            })
    }

    /// Whether the account is twelve digits.
    pub fn is_in_an_account(&self) -> bool {
        self.account.len() == 12 && self.account.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether the region has the form of one, such as `us-gov-west-1`.
    pub fn is_in_a_region(&self) -> bool {
        Self::is_region(self.region)
    }

    /// Whether this has the form of the name of a region.
    pub fn is_region(name: &str) -> bool {
        let mut words = name.rsplit('-');
        let number = words.next().unwrap_or_default();
        let names: Vec<&str> = words.collect();
        let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && names.len() >= 2
            && names.iter().all(is_name)
    }

    /// The partition that a region of this name belongs to, where its name tells.
    pub fn partition_of_region(region: &str) -> &'static str {
        const PREFIXES: [(&str, &str); 7] = [
            ("cn-", "aws-cn"),
            ("us-gov-", "aws-us-gov"),
            ("us-iso-", "aws-iso"),
            ("us-isob-", "aws-iso-b"),
            ("eu-isoe-", "aws-iso-e"),
            ("us-isof-", "aws-iso-f"),
            ("eusc-", "aws-eusc"),
        ];
        let found = PREFIXES.iter().find(|(prefix, _)| region.starts_with(prefix));
        found.map_or("aws", |(_, partition)| partition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_apart() {
        let arn =
            Arn::parse("arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:shop-AbCdEf:key::").unwrap();
        assert_eq!((arn.partition, arn.service, arn.region), ("aws-cn", "secretsmanager", "cn-north-1"));
        assert_eq!((arn.account, arn.resource), ("111122223333", "secret:shop-AbCdEf:key::"));
        assert!(arn.is_in_a_partition() && arn.is_in_an_account() && arn.is_in_a_region());
        for text in [
            "",
            "arn",
            "arn:aws:iam::111122223333",
            "ARN:aws:iam::111122223333:role/x",
            "x:aws:iam::1:role/x",
        ] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }

    #[test]
    fn parts_have_forms() {
        let arn = |partition, region, account| Arn { partition, service: "", region, account, resource: "" };
        for partition in ["aws", "aws-cn", "aws-us-gov", "aws-iso-b", "aws-eusc"] {
            assert!(arn(partition, "", "").is_in_a_partition(), "{partition}");
        }
        for partition in ["", "aw", "AWS", "aws-", "awscn", "aws cn"] {
            assert!(!arn(partition, "", "").is_in_a_partition(), "{partition}");
        }
        for region in ["eu-central-1", "us-gov-west-1", "ap-southeast-12", "eusc-de-east-1"] {
            assert!(arn("", region, "").is_in_a_region(), "{region}");
        }
        for region in ["", "*", "eu-central", "eu-central-1a", "frankfurt", "eu--1", "-central-1"] {
            assert!(!arn("", region, "").is_in_a_region(), "{region}");
        }
        for account in ["", "1111", "1111222233334", "11112222333x", "xxxxxxxxxxxx"] {
            assert!(!arn("", "", account).is_in_an_account(), "{account}");
        }
        assert_eq!(Arn::partition_of_region("cn-north-1"), "aws-cn");
        assert_eq!(Arn::partition_of_region("us-gov-west-1"), "aws-us-gov");
        assert_eq!(Arn::partition_of_region("us-east-1"), "aws");
    }
}
