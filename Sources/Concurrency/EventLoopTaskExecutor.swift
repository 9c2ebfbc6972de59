/// An ``EventLoop``'s thread as a task executor: continuations of tasks that prefer it resume there.
package final class EventLoopTaskExecutor: TaskExecutor {
  private let queue: JobQueue

  init(queue: JobQueue) { self.queue = queue }

  package func enqueue(_ job: consuming ExecutorJob) {
    queue.enqueue(JobQueue.Entry(job: UnownedJob(job), prefersTaskExecutor: true))
  }

  package func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
}
