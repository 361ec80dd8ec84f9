// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "metrics.h"
#include "reconciler.h"
#include <algorithm>
#include <chrono>

MetricsReporter::MetricsReporter(const Reconciler &reconciler)
    : reconciler_(reconciler) {}

void MetricsReporter::start() {
  thread_ = std::thread(&MetricsReporter::loop, this);
}

void MetricsReporter::stop() {
  stopping_ = true;
  thread_.join();
}

void MetricsReporter::loop() {
  while (!stopping_) {
    longest_ = std::max(longest_, reconciler_.pendingCount());
    ++samples_;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}
