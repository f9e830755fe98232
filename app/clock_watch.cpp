#include "app/clock_watch.hpp"

#include <sys/timex.h>

#include <fmt/format.h>

#include "app/log.hpp"

namespace yagura::app {
namespace {

constexpr Duration kStep = std::chrono::milliseconds{100};
// Both clocks are read one after the other; a pair read further apart says nothing.
constexpr Duration kApart = std::chrono::milliseconds{10};
constexpr Duration kMinute = std::chrono::minutes{1};

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

ClockWatch::ClockWatch(const Clock& clock, AskKernel ask) : clock_(clock), ask_(std::move(ask)) {}

std::optional<ClockWatch::Kernel> ClockWatch::ask_kernel() {
  timex answer{};
  const int state = ::adjtimex(&answer);
  if (state < 0) return std::nullopt;
  const auto unit = (answer.status & STA_NANO) != 0 ? 1 : 1'000;
  return Kernel{.synchronised = state != TIME_ERROR && (answer.status & STA_UNSYNC) == 0,
                .offset = Duration{answer.offset * unit}};
}

void ClockWatch::look() {
  watch_steps();
  watch_kernel();
  explain();
}

void ClockWatch::watch_steps() {
  const auto before = clock_.mono();
  const auto wall = clock_.now();
  const auto after = clock_.mono();
  if (after - before > kApart) return;
  const Duration ahead = wall.time_since_epoch() - (before + (after - before) / 2).time_since_epoch();
  if (!ahead_) ahead_ = ahead;
  const auto step = ahead - *ahead_;
  ahead_ = ahead;
  if (step <= kStep && step >= -kStep) return;
  ++status_.steps;
  last_step_ = step;
  stepped_ = after;
  if (step_said_ && after - *step_said_ < kMinute) return;
  step_said_ = after;
  const auto text = fmt::format("{:+.3f}", in_seconds(step));
  log_event(spdlog::level::warn, "clock_step", {{"seconds", text}},
            "clock: the wall clock jumped by " + text +
                " s, set by hand or after a sleep of the machine; time-outs and latencies do not depend on it");
}

void ClockWatch::watch_kernel() {
  const auto kernel = ask_();
  status_.known = kernel.has_value();
  status_.synchronised = !kernel || kernel->synchronised;
  status_.offset = kernel ? kernel->offset : Duration{0};
  if (status_.synchronised) {
    if (unsynchronised_said_) log_event(spdlog::level::info, "clock_synchronised", {}, "clock: synchronised again");
    unsynchronised_since_.reset();
    unsynchronised_said_ = false;
    return;
  }
  const auto now = clock_.mono();
  if (!unsynchronised_since_) unsynchronised_since_ = now;
  if (unsynchronised_said_ || now - *unsynchronised_since_ < kMinute) return;
  unsynchronised_said_ = true;
  log_event(spdlog::level::warn, "clock_unsynchronised", {},
            "clock: the kernel says it is not synchronised; run chrony or another NTP client");
}

void ClockWatch::explain() {
  status_.reason.clear();
  if (stepped_ && clock_.mono() - *stepped_ < kMinute)
    status_.reason = fmt::format("jumped by {:+.3f} s within the last minute", in_seconds(last_step_));
  if (!status_.synchronised) status_.reason += status_.reason.empty() ? "not synchronised" : "; not synchronised";
}

}  // namespace yagura::app
