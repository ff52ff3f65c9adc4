//! From plain data to text and JSON.
<<<<<<< HEAD

pub mod events;
pub mod json;
=======
//!
//! In: plans, states, values, events. Out: what people read ([`text`]). Nothing here decides or does
//! anything; the words and the layout are Terraform's, because tools read them too.

#[cfg(test)]
mod samples;
pub mod text;
>>>>>>> 2ee33f4 (render: the text of plans and saved objects)
