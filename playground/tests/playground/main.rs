//! A test for everything that a page, or another test, relies on: run them with `cargo test -p playground`.

#[cfg(test)]
mod binary;
#[cfg(test)]
mod chat_service;
#[cfg(test)]
mod dynamics;
#[cfg(test)]
mod echo;
#[cfg(test)]
mod graphql;
#[cfg(test)]
mod livechat;
#[cfg(test)]
mod messaging;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod received;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod support;
#[cfg(test)]
mod yext;
