#include "processing/pair_model.hpp"

#include <algorithm>
#include <cmath>

namespace yagura::processing {
namespace {

// Nothing is said before so many returns are known; nor of a spread before so many residuals of
// earlier sessions are.
constexpr std::uint32_t kLeast = 60;
// Below this the other instrument stands still, a tenth of a pip a minute, and its beta is noise.
constexpr double kLeastVariance = 1e-10;
constexpr double kLeastSpread = 1e-5;
constexpr double kMostRho = 0.999;

double log_change(Price from, Price to) {
  return std::log(static_cast<double>(to.raw()) / static_cast<double>(from.raw()));
}

// Weight of what is a step old.
double decay_of(Duration step, Duration half_life) {
  return std::exp2(-static_cast<double>(step.count()) / static_cast<double>(half_life.count()));
}

}  // namespace

double PairModel::Moments::rho() const {
  const double scale = std::sqrt(xx * yy);
  return scale > 0 ? std::clamp(xy / scale, -kMostRho, kMostRho) : 0;
}

void PairModel::Moments::decay(double lambda, double x, double y) {
  xx = lambda * xx + (1 - lambda) * x * x;
  yy = lambda * yy + (1 - lambda) * y * y;
  xy = lambda * xy + (1 - lambda) * x * y;
}

PairModel::PairModel(const DivergenceOptions& options)
    : step_(options.grid),
      lambda_(decay_of(options.grid, options.half_life)),
      short_lambda_(decay_of(options.grid, options.half_life / 2)),
      short_returns_(static_cast<std::uint32_t>(options.half_life / 2 / options.grid)),
      ring_(static_cast<std::size_t>(options.window / options.grid)) {}

PairModel::Reading PairModel::on_point(Timestamp t, Date date, Price own, Price other) noexcept {
  Reading reading{};
  reading.new_session = date != date_;
  if (reading.new_session) {
    start_session();
    date_ = date;
  }
  reading.continued = t - last_ == step_;
  run_ = reading.continued ? run_ + 1 : 0;
  last_ = t;

  const Prices now{own, other};
  const auto size = static_cast<std::uint32_t>(ring_.size());
  const Prices before = ring_[(at_ + size - 1) % size];
  reading.residual = residual(now);  // by what was known before this return
  ring_[at_] = now;
  at_ = (at_ + 1) % size;
  if (!reading.continued) return reading;

  const double x = log_change(before.other, other);
  const double y = log_change(before.own, own);
  weighted_.decay(lambda_, x, y);
  short_.decay(short_lambda_, x, y);
  today_.returns.xx += x * x;
  today_.returns.yy += y * y;
  today_.returns.xy += x * y;
  ++today_.return_count;
  ++samples_;
  reading.coupling = coupling();
  reading.beta = beta_;
  reading.rho = weighted_.rho();
  return reading;
}

// What the day before knew counts half.
void PairModel::start_session() noexcept {
  for (auto* moments : {&weighted_, &short_}) {
    moments->xx /= 2;
    moments->yy /= 2;
    moments->xy /= 2;
  }
  if (today_.return_count > 0) {
    sessions_[session_at_] = today_;
    session_at_ = (session_at_ + 1) % kSessions;
  }
  today_ = {};
}

PairModel::Session PairModel::past() const {
  Session sum;
  for (const auto& session : sessions_) {
    sum.returns.xx += session.returns.xx;
    sum.returns.yy += session.returns.yy;
    sum.returns.xy += session.returns.xy;
    sum.return_count += session.return_count;
    sum.residuals += session.residuals;
    sum.residual_count += session.residual_count;
  }
  return sum;
}

std::optional<PairModel::Residual> PairModel::residual(const Prices& now) noexcept {
  if (run_ < ring_.size() || samples_ < kLeast) return std::nullopt;
  const Prices& start = ring_[at_];  // the oldest, about to be replaced
  if (weighted_.xx >= kLeastVariance) beta_ = weighted_.xy / weighted_.xx;
  Residual found{};
  found.own_start = start.own;
  found.other_start = start.other;
  found.own_change = log_change(start.own, now.own);
  found.other_change = log_change(start.other, now.other);
  found.expected = beta_ * found.other_change;
  const double rest = found.own_change - found.expected;
  today_.residuals += rest * rest;
  ++today_.residual_count;
  const auto known = past();
  if (known.residual_count < kLeast) return std::nullopt;
  found.z = rest / std::max(std::sqrt(known.residuals / known.residual_count), kLeastSpread);
  return found;
}

std::optional<PairModel::Coupling> PairModel::coupling() const {
  const auto known = past();
  if (samples_ < kLeast || known.return_count < kLeast || today_.return_count < short_returns_) return std::nullopt;
  if (short_.xx < kLeastVariance || short_.yy < kLeastVariance) return std::nullopt;
  const double effective = (1 + short_lambda_) / (1 - short_lambda_);
  Coupling found{};
  found.rho = short_.rho();
  found.rho_long = known.returns.rho();
  found.z = (std::atanh(found.rho) - std::atanh(found.rho_long)) * std::sqrt(std::max(effective - 3, 1.0));
  return found;
}

PairModel::Knowledge PairModel::knowledge() const {
  Knowledge known{.last = last_, .whole = false, .beta = {}, .rho = {}, .rho_long = {}};
  if (samples_ < kLeast) return known;
  const auto before = past();
  known.whole = before.residual_count >= kLeast;
  known.beta = beta_;
  known.rho = weighted_.rho();
  if (before.return_count >= kLeast) known.rho_long = before.returns.rho();
  return known;
}

void PairModel::forget() noexcept {
  weighted_ = short_ = {};
  beta_ = 0;
  samples_ = run_ = at_ = session_at_ = 0;
  date_ = {};
  last_ = {};
  today_ = {};
  sessions_.fill({});
}

void PairModel::state(StateIo& io) {
  const auto size = ring_.size();
  io(weighted_, short_, beta_, samples_, date_, last_, run_, ring_, at_, today_, sessions_, session_at_);
  if (ring_.size() == size && at_ < size && session_at_ < kSessions) return;
  ring_.resize(size);
  at_ = session_at_ = 0;
  io.fail();
}

}  // namespace yagura::processing
