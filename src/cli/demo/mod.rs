//! `demo`: the whole story without reader and network, on real parts: a simulated card, the driver, CMS, path, revocation,
//! policy, and an SQLite file.

mod narrative;
mod scene;

use serde_json::json;

use super::arguments::DemoArguments;
use super::context::{Context, now};
use super::error::CliError;
use super::output::Report;
use narrative::Narrative;
use scene::Scene;

/// Tells the story step by step. It ends with an error where a step does not end as the story says.
pub(crate) fn demo(context: &Context, arguments: &DemoArguments) -> Result<Report, CliError> {
    let dir = match &arguments.dir {
        Some(dir) => {
            std::fs::create_dir_all(dir).map(|()| dir.clone()).map_err(|error| CliError::writing(dir, &error))?
        }
        None => scene::fresh_directory()?,
    };
    let mut narrative = Narrative::begin(context);
    narrative.heading("demo-title", &[]);
    let scene = narrative.step("holder", |step| Scene::set(&dir, now(), step))?;
    narrative.step("card", |step| scene.look_at_the_card(step))?;
    narrative.step("account", |step| scene.open_account(step))?;
    let challenge = narrative.step("challenge", |step| scene.ask_for_a_proof(step))?;
    let proof = narrative.step("sign", |step| scene.sign(&challenge, step))?;
    narrative.step("upgrade", |step| scene.submit(&proof, step))?;
    narrative.step("replay", |step| scene.submit_again(&proof, step))?;
    narrative.step("revoked", |step| scene.a_revoked_holder(step))?;
    narrative.step("stale", |step| scene.a_stale_list(step))?;

    let shown = dir.display().to_string();
    // As it was called, so that the lines can be copied before anything is installed.
    let program =
        std::env::args_os().next().map_or_else(|| "honnin".to_owned(), |name| name.to_string_lossy().into_owned());
    for key in ["demo-files", "demo-next"] {
        context.show("");
        narrative.heading(key, &[("dir", shown.clone().into()), ("program", program.clone().into())]);
    }
    Ok(Report::new(json!({ "steps": narrative.end(), "dir": shown })))
}
