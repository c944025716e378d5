//! Times the Rust alone on this machine: `callsign-bench BODY KEY CRM_ID`.
//!
//! One line of JSON comes out: of each thing the microseconds that it took,
//! sample by sample. The things take turns, so that whatever else the machine
//! does meets each of them.

use std::error::Error;
use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use callsign::start::profile::{built_in, find};
use callsign_bench::{PROFILES, as_many, edited, near_miss};

const SAMPLES: usize = 60;
const WARM_UP: usize = 10;
/// A clock is read in about 30 ns, which must not count.
const TIMES: u32 = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [body, key, crm_id] = arguments.as_slice() else {
        return Err("give me a body, an attribute and a CRM ID".into());
    };
    let vendors = as_many(&built_in(), PROFILES);
    let call = near_miss(body);
    if find(&vendors, &call).is_some() || !edited(body, key, crm_id).is_some_and(|edited| edited.contains(crm_id)) {
        return Err("this is no measure: the call is a start, or the start was not edited".into());
    }
    let decide = || {
        black_box(find(black_box(&vendors), black_box(&call)));
    };
    let edit = || {
        black_box(edited(black_box(body), black_box(key), black_box(crm_id)));
    };
    let things: [(&str, &dyn Fn()); 2] = [("decide", &decide), ("edit", &edit)];
    let mut samples = [const { Vec::new() }; 2];
    for sample in 0..WARM_UP + SAMPLES {
        for (index, (_, thing)) in things.iter().enumerate() {
            let begin = Instant::now();
            for _ in 0..TIMES {
                thing();
            }
            if sample >= WARM_UP {
                samples[index].push(begin.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES));
            }
        }
    }
    let mut line = String::new();
    for ((name, _), samples) in things.iter().zip(&samples) {
        write!(line, "{}\"{name}\":{samples:?}", if line.is_empty() { "{" } else { "," })?;
    }
    println!("{line}}}");
    Ok(())
}
