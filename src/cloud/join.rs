//! Running several calls at once within one task.

use std::future::poll_fn;
use std::task::Poll;

use super::BoxFuture;

/// How many calls of one batch are under way at once; more would only queue in front of the rate limit.
pub(crate) const WIDTH: usize = 16;

/// Runs futures, at most [`WIDTH`] at once, and returns their results in the order given.
pub(crate) async fn join_all<'a, T>(futures: Vec<BoxFuture<'a, T>>) -> Vec<T> {
    let mut results: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    let mut waiting = futures.into_iter().enumerate();
    let mut running: Vec<(usize, BoxFuture<'a, T>)> = Vec::new();
    poll_fn(|context| {
        loop {
            while running.len() < WIDTH {
                let Some(next) = waiting.next() else { break };
                running.push(next);
            }
            if running.is_empty() {
                return Poll::Ready(());
            }
            let before = running.len();
            running.retain_mut(|(at, future)| match future.as_mut().poll(context) {
                Poll::Ready(result) => {
                    results[*at] = Some(result);
                    false
                }
                Poll::Pending => true,
            });
            if running.len() == before {
                return Poll::Pending;
            }
        }
    })
    .await;
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn results_keep_their_order_and_calls_overlap() {
        let start = tokio::time::Instant::now();
        let futures: Vec<BoxFuture<'_, u64>> = (0..32u64)
            .map(|number| -> BoxFuture<'_, u64> {
                Box::pin(async move {
                    tokio::time::sleep(Duration::from_secs(1 + number % 2)).await;
                    number
                })
            })
            .collect();
        let results = join_all(futures).await;
        assert_eq!(results, (0..32).collect::<Vec<_>>());
        assert!(start.elapsed() <= Duration::from_secs(4), "{:?}", start.elapsed());
    }
}
