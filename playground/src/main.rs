//! Serves the playground, says on stdout where it listens, and runs until Ctrl+C, or until its stdin closes.

use playground::{Playground, Ports, serve_on};
use std::{
    env, fmt,
    io::{self, Read, Write},
    process::ExitCode,
    str::FromStr,
    thread,
};
use tokio::sync::oneshot;

const USAGE: &str = "\
usage: cargo run -p playground -- [--site-port N] [--widget-port N] [--until-stdin-closes]

Prints one line of JSON, {\"site\": ORIGIN, \"widget\": ORIGIN}, once it listens.
--site-port N, --widget-port N   listen there, and not on free ports
--until-stdin-closes             stop when stdin ends, so that it never outlives whoever started it";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_from(env::args().skip(1).collect::<Vec<_>>()) {
        Ok(arguments) => arguments,
        Err(refused) => {
            eprintln!("{refused}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the playground cannot listen: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> io::Result<()> {
    let playground = serve_on(arguments.ports).await?;
    announce(&playground)?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        () = stdin_closed(), if arguments.until_stdin_closes => {}
    }
    playground.stop().await;
    Ok(())
}

fn announce(playground: &Playground) -> io::Result<()> {
    let (site, widget) = (playground.site(), playground.widget());
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", serde_json::json!({ "site": site, "widget": widget }))?;
    stdout.flush()?;
    eprintln!("The playground is open at {site}; its second origin is {widget}.");
    for (path, title) in playground::page_list() {
        eprintln!("  {site}{path:<17} {title}");
    }
    Ok(())
}

/// A thread of its own reads stdin, because a pending read would keep the runtime from ending.
async fn stdin_closed() {
    let (closed, is_closed) = oneshot::channel();
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut ignored = [0; 256];
        while stdin.read(&mut ignored).is_ok_and(|length| length > 0) {}
        let _ = closed.send(());
    });
    let _ = is_closed.await;
}

#[derive(Debug, Default)]
struct Arguments {
    ports: Ports,
    until_stdin_closes: bool,
}

/// What is wrong with the arguments.
#[derive(Debug)]
struct Refused(String);

impl TryFrom<Vec<String>> for Arguments {
    type Error = Refused;

    fn try_from(words: Vec<String>) -> Result<Self, Refused> {
        let mut arguments = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--site-port" => arguments.ports.site = Some(port(&word, words.next())?),
                "--widget-port" => arguments.ports.widget = Some(port(&word, words.next())?),
                "--until-stdin-closes" => arguments.until_stdin_closes = true,
                _ => return Err(Refused(format!("{word} is no argument of the playground"))),
            }
        }
        Ok(arguments)
    }
}

fn port(word: &str, number: Option<String>) -> Result<u16, Refused> {
    let number = number.as_deref().map(u16::from_str);
    number.and_then(Result::ok).ok_or_else(|| Refused(format!("{word} takes a number, 0 to 65535")))
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
