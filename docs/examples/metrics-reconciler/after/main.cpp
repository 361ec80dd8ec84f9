// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "metrics.h"
#include "reconciler.h"
#include <cstdio>
#include <thread>

int main() {
  Reconciler reconciler;
  MetricsReporter metrics(reconciler);

  metrics.start();
  std::thread loop([&reconciler] { reconciler.run(20000); });
  loop.join();
  metrics.stop();

  std::printf(
      "%zu objects reconciled, %zu samples taken, at most %zu pending\n",
      reconciler.reconciledCount(), metrics.samples(), metrics.longestQueue());
}
