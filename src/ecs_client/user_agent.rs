//! What calls name in their `User-Agent` beside the SDK and this provider.

use aws_sdk_ecs::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::BoxError;

use super::configuration::Configuration;
use super::environment::variable;
use super::error::{EcsError, ErrorKind};

/// What Terraform's wrappers add to the header of every provider of HashiCorp's.
const OF_ENVIRONMENT: &str = "TF_APPEND_USER_AGENT";

const HEADER: &str = "user-agent";

/// An interceptor that adds words to the header.
#[derive(Debug, Clone)]
pub(super) struct UserAgent(String);

impl UserAgent {
    /// What the configuration and the environment name; `None` where that is nothing, and an error where it is something that
    /// no header can hold. The text is not repeated: it may be anything.
    pub(super) fn of(configuration: &Configuration) -> Result<Option<Self>, EcsError> {
        let of_environment = variable(OF_ENVIRONMENT).map(|words| words.trim().to_owned());
        let own = configuration.user_agent.iter().map(|words| ("`user_agent` of the provider block", words));
        let all = own.chain(of_environment.iter().map(|words| (OF_ENVIRONMENT, words)));
        let mut header = Vec::new();
        for (setting, words) in all {
            if !is_user_agent(words) {
                let message = format!(
                    "{setting} has a character that no header can hold. It can hold ASCII letters, digits and punctuation, \
                     such as pipeline/1.0 (deploy)"
                );
                return Err(EcsError::local(ErrorKind::Configuration, "Configure", message));
            }
            header.push(words.as_str());
        }
        Ok((!header.is_empty()).then(|| Self(header.join(" "))))
    }
}

impl Intercept for UserAgent {
    fn name(&self) -> &'static str {
        "UserAgent"
    }

    // Behind the signing, of which the header is no part.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        let all = [headers.get(HEADER), Some(self.0.as_str())];
        let all = all.into_iter().flatten().collect::<Vec<_>>().join(" ");
        headers.try_insert(HEADER, all)?;
        Ok(())
    }
}

/// Whether a header can hold the text: printable characters of ASCII.
pub fn is_user_agent(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}
