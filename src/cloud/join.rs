//! Running several calls at once within one task.

use futures_util::StreamExt;
use futures_util::stream;

use super::BoxFuture;

/// How many calls of one batch are under way at once; more would only queue in front of the rate limit.
const WIDTH: usize = 16;

/// Runs futures, at most [`WIDTH`] at once, and returns their results in the order given.
pub(crate) async fn join_all<'a, T>(futures: Vec<BoxFuture<'a, T>>) -> Vec<T> {
    stream::iter(futures).buffered(WIDTH).collect().await
}
