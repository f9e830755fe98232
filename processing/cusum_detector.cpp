#include "processing/cusum_detector.hpp"

#include <algorithm>
#include <cmath>

namespace yagura::processing {
namespace {

constexpr double kLargestStep = 4;
constexpr Duration kLongestSpan = std::chrono::minutes{10};  // beyond it two samples have nothing in common

}  // namespace

CusumDetector::CusumDetector(const CusumOptions& options, Announcer announcer, Volatility& volatility)
    : options_(options), announcer_(std::move(announcer)), volatility_(volatility) {
  volatility_.want();
}

void CusumDetector::start_from(const Tick& tick) noexcept {
  up_ = down_ = {0, tick.ts_event, tick.price};
  sample_ts_ = tick.ts_event;
  sample_price_ = tick.price;
  has_sample_ = true;
}

void CusumDetector::on_tick(const TickContext& context, SignalBuffer& out) noexcept {
  const Tick& tick = context.tick;
  if (!has_sample_ || context.after_gap) return start_from(tick);
  const Duration span = tick.ts_event - sample_ts_;
  if (span < options_.grid) return;
  const auto usual = volatility_.over(tick.ts_event, span);
  if (span > std::max(kLongestSpan, options_.grid) || !usual) return start_from(tick);
  const double ratio = static_cast<double>(tick.price.raw()) / static_cast<double>(sample_price_.raw());
  const double step = std::clamp(std::log(ratio) / usual->sigma, -kLargestStep, kLargestStep);
  sample_ts_ = tick.ts_event;
  sample_price_ = tick.price;
  const bool rises = add(up_, step, tick);
  const bool falls = add(down_, -step, tick);
  if (!rises && !falls) return;
  announce(context, rises ? up_ : down_, rises ? Direction::kUp : Direction::kDown, out);
  start_from(tick);
}

bool CusumDetector::add(Sum& sum, double step, const Tick& tick) const noexcept {
  sum.value += step - options_.allowance;
  if (sum.value > 0) return sum.value > options_.limit;
  sum = {0, tick.ts_event, tick.price};
  return false;
}

void CusumDetector::announce(const TickContext& context, const Sum& sum, Direction direction,
                             SignalBuffer& out) noexcept {
  auto signal = announcer_.draft(context, Event::kDrift, direction, Severity::kLow);
  signal.cusum = {.since = sum.since,
                  .from = sum.from,
                  .change = context.tick.price - sum.from,
                  .statistic = sum.value,
                  .limit = options_.limit,
                  .allowance = options_.allowance};
  announcer_.emit(signal, 0, out);
}

void CusumDetector::state(StateIo& io) {
  io(announcer_, up_, down_, sample_ts_, sample_price_, has_sample_);
  if (io.reading() && !(std::isfinite(up_.value) && std::isfinite(down_.value))) io.fail();
}

std::string CusumDetector::fingerprint() const {
  return "cusum/" + std::to_string(options_.grid.count()) + ':' + std::to_string(options_.allowance) + ':' +
         std::to_string(options_.limit);
}

}  // namespace yagura::processing
