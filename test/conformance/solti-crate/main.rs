//! Plays a script of events to the collectors of the crate solti-prometheus, and prints the page
//! that they make.
//!
//! The arguments name the collectors. The script comes on standard input: one event a line, named
//! as the call or the `EventKind` is, its words separated by spaces. A name or a word that does not
//! exist ends the program with another code than 0.

use std::error::Error;
use std::io::{self, Read};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use prometheus::{Encoder, Registry, TextEncoder};
use solti_api::{ApiMetricsBackend, Transport};
use solti_core::TaskState;
use solti_discover::{
    DiscoverMetricsBackend, FAIL_AUTH, FAIL_CONNECT, FAIL_OTHER, FAIL_PARSE, FAIL_REJECTED_CLIENT,
    FAIL_REJECTED_SERVER, FAIL_TIMEOUT,
};
use solti_model::{TaskId, TaskKind, TaskPhase, TaskSpec};
use solti_prometheus::{
    PrometheusApiMetrics, PrometheusDiscoverMetrics, PrometheusMetrics, PrometheusStateCollector,
    PrometheusSubscriber, register_build_info,
};
use solti_runner::{MetricsBackend, RunnerErrorKind, RunnerType, TaskOutcome};
use taskvisor::{Event, EventKind, Subscribe};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const RUNNERS: [RunnerType; 3] = [
    RunnerType::Subprocess,
    RunnerType::Wasm,
    RunnerType::Container,
];
const OUTCOMES: [TaskOutcome; 4] = [
    TaskOutcome::Success,
    TaskOutcome::Failure,
    TaskOutcome::Canceled,
    TaskOutcome::Timeout,
];
const ERRORS: [RunnerErrorKind; 4] = [
    RunnerErrorKind::CgroupPrepareFailed,
    RunnerErrorKind::BackendConfigFailed,
    RunnerErrorKind::SpawnFailed,
    RunnerErrorKind::ModuleLoadFailed,
];
const TRANSPORTS: [Transport; 2] = [Transport::Http, Transport::Grpc];
const FAILURES: [&str; 7] = [
    FAIL_CONNECT,
    FAIL_TIMEOUT,
    FAIL_REJECTED_CLIENT,
    FAIL_REJECTED_SERVER,
    FAIL_PARSE,
    FAIL_AUTH,
    FAIL_OTHER,
];
const PHASES: [TaskPhase; 5] = [
    TaskPhase::Succeeded,
    TaskPhase::Failed,
    TaskPhase::Timeout,
    TaskPhase::Canceled,
    TaskPhase::Exhausted,
];

/// An attempt's time limit, which a task must have and no event here needs.
const TIMEOUT_MS: u64 = 5_000;

/// Those that the arguments named.
#[derive(Default)]
struct Collectors {
    runner: Option<PrometheusMetrics>,
    subscriber: Option<PrometheusSubscriber>,
    api: Option<PrometheusApiMetrics>,
    discover: Option<PrometheusDiscoverMetrics>,
    state: Option<TaskState>,
}

fn main() -> Result<()> {
    let registry = Arc::new(Registry::new());
    let collectors = collectors(&registry)?;
    let mut script = String::new();
    io::stdin().read_to_string(&mut script)?;
    for line in script.lines() {
        play(&collectors, line).map_err(|error| format!("{line}: {error}"))?;
    }
    let mut page = Vec::new();
    TextEncoder::new().encode(&registry.gather(), &mut page)?;
    print!("{}", String::from_utf8(page)?);
    Ok(())
}

fn collectors(registry: &Arc<Registry>) -> Result<Collectors> {
    let mut all = Collectors::default();
    for name in std::env::args().skip(1) {
        match name.as_str() {
            "runner" => all.runner = Some(PrometheusMetrics::new(registry.clone())?),
            "subscriber" => all.subscriber = Some(PrometheusSubscriber::new(registry.clone())?),
            "api" => all.api = Some(PrometheusApiMetrics::new(registry.clone())?),
            "discover" => all.discover = Some(PrometheusDiscoverMetrics::new(registry.clone())?),
            "state" => {
                let state = TaskState::new();
                registry.register(Box::new(PrometheusStateCollector::new(state.clone())?))?;
                all.state = Some(state);
            }
            "build_info" => register_build_info(registry, &[("version", "1.4.2")])?,
            _ => return Err(format!("no collector is called {name}").into()),
        }
    }
    Ok(all)
}

fn play(to: &Collectors, line: &str) -> Result<()> {
    let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
    let words: Vec<&str> = rest.split(' ').collect();
    let word = |at: usize| words.get(at).copied().ok_or("a word is missing");
    let runner = || to.runner.as_ref().ok_or("no runner");
    let api = || to.api.as_ref().ok_or("no api");
    let discover = || to.discover.as_ref().ok_or("no discover");
    let state = || to.state.as_ref().ok_or("no state");
    match name {
        "record_task_started" => runner()?.record_task_started(runner_type(word(0)?)?),
        "record_task_completed" => {
            let outcome = named(&OUTCOMES, |outcome| outcome.as_label(), word(1)?)?;
            runner()?.record_task_completed(runner_type(word(0)?)?, outcome, number(word(2)?)?);
        }
        "record_runner_error" => {
            let error = named(&ERRORS, |error| error.as_label(), word(1)?)?;
            runner()?.record_runner_error(runner_type(word(0)?)?, error);
        }
        "record_request" => {
            let (method, path) = (word(1)?, word(2)?);
            api()?.record_request(
                transport(word(0)?)?,
                method,
                path,
                number(word(3)?)?,
                number(word(4)?)?,
            );
        }
        "record_in_flight_delta" => {
            api()?.record_in_flight_delta(transport(word(0)?)?, number(word(1)?)?)
        }
        "record_attempt" => discover()?.record_attempt(),
        "record_success" => discover()?.record_success(number(word(0)?)?),
        "record_failure" => {
            let reason = named(&FAILURES, |reason| reason, word(1)?)?;
            discover()?.record_failure(number(word(0)?)?, reason);
        }
        "record_hold" => discover()?.record_hold(number(word(0)?)?),
        "add_task" => state()?.add_task(
            TaskId::from(word(0)?),
            TaskSpec::builder("slot", TaskKind::Embedded, TIMEOUT_MS).build()?,
        ),
        "transition_starting" => {
            state()?
                .transition_starting(&TaskId::from(word(0)?))
                .ok_or("no such task")?;
        }
        "transition_finished" => {
            let phase = named(&PHASES, |phase| phase, word(1)?)?;
            let done = state()?.transition_finished(&TaskId::from(word(0)?), phase, None, None);
            if !done {
                return Err("the state does not allow it".into());
            }
        }
        "unregister_task" => state()?.unregister_task(&TaskId::from(word(0)?)),
        _ => to
            .subscriber
            .as_ref()
            .ok_or("no subscriber")?
            .on_event(&event(name, rest, &words)?),
    }
    Ok(())
}

/// One of taskvisor's events, as it publishes them.
fn event(kind: &str, rest: &str, words: &[&str]) -> Result<Event> {
    let first = || words.first().copied().ok_or("a word is missing");
    Ok(match kind {
        "TaskStarting" => Event::new(EventKind::TaskStarting).with_attempt(number(first()?)?),
        "TaskStopped" => Event::new(EventKind::TaskStopped),
        "TaskFailed" => Event::new(EventKind::TaskFailed),
        "TimeoutHit" => Event::new(EventKind::TimeoutHit),
        "BackoffScheduled" => {
            let delay = Duration::from_millis(number(words.get(1).ok_or("a word is missing")?)?);
            let event = Event::new(EventKind::BackoffScheduled).with_delay(delay);
            match first()? {
                "failure" => event.with_backoff_failure(),
                "success" => event.with_backoff_success(),
                "unknown" => event,
                other => return Err(format!("no source is called {other}").into()),
            }
        }
        "ActorExhausted" => Event::new(EventKind::ActorExhausted).with_attempt(number(first()?)?),
        "ActorDead" => Event::new(EventKind::ActorDead).with_attempt(number(first()?)?),
        "SubscriberOverflow" => Event::new(EventKind::SubscriberOverflow),
        "SubscriberPanicked" => Event::new(EventKind::SubscriberPanicked),
        "ControllerSubmitted" => Event::new(EventKind::ControllerSubmitted),
        "ControllerRejected" if rest.is_empty() => Event::new(EventKind::ControllerRejected),
        "ControllerRejected" => Event::new(EventKind::ControllerRejected).with_reason(rest),
        _ => return Err("no such event".into()),
    })
}

fn runner_type(word: &str) -> Result<RunnerType> {
    named(&RUNNERS, |runner| runner.as_label(), word)
}

fn transport(word: &str) -> Result<Transport> {
    named(&TRANSPORTS, |transport| transport.as_label(), word)
}

/// The one whose label is the word.
fn named<T: Copy, L: ToString>(all: &[T], label: impl Fn(T) -> L, word: &str) -> Result<T> {
    let found = all
        .iter()
        .copied()
        .find(|one| label(*one).to_string().eq_ignore_ascii_case(word));
    found.ok_or_else(|| format!("nothing is called {word}").into())
}

fn number<T: FromStr>(word: &str) -> Result<T>
where
    T::Err: Error + 'static,
{
    Ok(word.parse()?)
}
