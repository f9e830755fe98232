#include "processing/divergence_detector.hpp"

#include <cmath>
#include <utility>

namespace yagura::processing {
namespace {

// A correlation must stay away for so long.
constexpr auto kApartFor = std::chrono::minutes{15};

double percent_of(double log_change) { return 100 * std::expm1(log_change); }
double percent_between(Price from, Price to) {
  return 100 * (static_cast<double>(to.raw()) / static_cast<double>(from.raw()) - 1);
}

double sigma_of(const Volatility* volatility, Timestamp t) noexcept {
  if (volatility == nullptr) return 0;
  const auto scale = volatility->over(t, JointMoves::kWindow);
  return scale ? scale->sigma : 0;
}

}  // namespace

struct DivergenceDetector::Moment {
  const PairPoint& point;
  const PairModel::Reading& reading;
  const Tick& completing;
  std::optional<Price> before;
  Date date;
};

DivergenceDetector::DivergenceDetector(const DivergenceOptions& options, Announcer announcer,
                                       const DetectorEnvironment& environment)
    : options_(options),
      announcer_(std::move(announcer)),
      days_(environment.days),
      hears_{options.against},
      other_symbol_(environment.instruments[index_of(options.against)].symbol),
      calendar_(environment.instrument.calendar),
      own_(options.grid, environment.instrument.calendar, environment.instruments[index_of(options.against)].calendar),
      other_(options.grid, environment.instruments[index_of(options.against)].calendar,
             environment.instrument.calendar),
      model_(options),
      joint_(options.grid, options.joint_z) {
  if (options_.joint_z <= 0) return;
  own_volatility_ = &environment.volatility;
  own_volatility_->want();
}

void DivergenceDetector::meet(SymbolId /*other*/, Volatility& volatility) {
  if (options_.joint_z <= 0) return;
  other_volatility_ = &volatility;
  other_volatility_->want();
}

void DivergenceDetector::on_tick(const TickContext& context, SignalBuffer& out) noexcept {
  const auto& tick = context.tick;
  const bool completes = own_.completes(tick.ts_event);
  own_.push(tick.ts_event, tick.price, context.days.previous_close(),
            completes ? sigma_of(own_volatility_, tick.ts_event) : 0);
  judge(tick, out);
}

void DivergenceDetector::on_other(const Tick& tick, const CalendarPiece& /*piece*/, SignalBuffer& out) noexcept {
  const bool completes = other_.completes(tick.ts_event);
  other_.push(tick.ts_event, tick.price, std::nullopt, completes ? sigma_of(other_volatility_, tick.ts_event) : 0);
  judge(tick, out);
}

void DivergenceDetector::judge(const Tick& completing, SignalBuffer& out) noexcept {
  if (own_.empty() && other_.empty()) return;  // between two points of the grid, as nearly all ticks are
  while (const auto point = next_point(own_, other_)) {
    const Date date = calendar_.at(point->own.at).trading_date;
    const auto reading = model_.on_point(point->own.at, date, point->own.price, point->other.price);
    const auto before = std::exchange(before_, point->own.price);
    const Moment moment{*point, reading, completing,
                        std::exchange(has_before_, true) && reading.continued ? std::optional{before} : std::nullopt,
                        date};
    if (reading.new_session) armed_ = coupled_ = true;
    last_window_.reset();
    if (reading.residual) last_window_ = window_of(*reading.residual, *point);
    judge_residual(moment, out);
    judge_coupling(moment, out);
    if (options_.joint_z <= 0) continue;
    if (const auto joint = joint_.on_point(*point, reading.continued, reading.new_session))
      announce_joint(moment, *joint, out);
  }
}

Signal DivergenceDetector::draft(const Moment& moment, Event event, Direction direction,
                                 Severity severity) const noexcept {
  Tick tick = moment.completing;
  tick.ts_event = moment.point.own.at;
  tick.price = moment.point.own.price;
  const TickContext context{.tick = tick,
                            .days = days_,
                            .trading_date = moment.date,
                            .previous = moment.before,
                            .previous_ts = moment.before ? tick.ts_event - options_.grid : Timestamp{}};
  auto signal = announcer_.draft(context, event, direction, severity);
  // The book may be a day ahead by now.
  signal.has_previous_close = moment.point.own.has_previous_close;
  signal.previous_close = moment.point.own.previous_close;
  signal.divergence = {.other = options_.against,
                       .window = options_.window,
                       .other_price = moment.point.other.price,
                       .change_pct = 0,
                       .other_change_pct = 0,
                       .model_pct = 0,
                       .z = 0,
                       .beta = moment.reading.beta,
                       .rho = moment.reading.rho,
                       .rho_long = 0,
                       .own_z = 0,
                       .other_z = 0};
  return signal;
}

PairView::Window DivergenceDetector::window_of(const PairModel::Residual& residual, const PairPoint& point) noexcept {
  return {.z = residual.z,
          .own_change_pct = percent_between(residual.own_start, point.own.price),
          .other_change_pct = percent_between(residual.other_start, point.other.price),
          .expected_pct = percent_of(residual.expected)};
}

// A calm pair drifts apart by many standard deviations and few points: one of the two must have moved.
bool DivergenceDetector::moved_enough(const PairModel::Residual& residual, const PairPoint& point) const noexcept {
  const auto reached = [](Percent least, Price from, Price to) {
    return least.reached_by((to - from).abs().raw(), from.raw());
  };
  return reached(options_.min_own, residual.own_start, point.own.price) ||
         reached(options_.min_other, residual.other_start, point.other.price);
}

void DivergenceDetector::judge_residual(const Moment& moment, SignalBuffer& out) noexcept {
  const auto& residual = moment.reading.residual;
  if (!residual) return;
  if (std::abs(residual->z) < options_.z / 2) armed_ = true;
  if (!armed_ || std::abs(residual->z) < options_.z || !moved_enough(*residual, moment.point)) return;
  armed_ = false;
  auto signal = draft(moment, Event::kDiverged, residual->z > 0 ? Direction::kUp : Direction::kDown, Severity::kHigh);
  const auto window = window_of(*residual, moment.point);
  signal.divergence.change_pct = window.own_change_pct;
  signal.divergence.other_change_pct = window.other_change_pct;
  signal.divergence.model_pct = window.expected_pct;
  signal.divergence.z = window.z;
  announcer_.emit(signal, options_.window.count(), out);
}

void DivergenceDetector::judge_coupling(const Moment& moment, SignalBuffer& out) noexcept {
  if (options_.coupling_z <= 0) return;
  const auto& coupling = moment.reading.coupling;
  const bool far = coupling && std::abs(coupling->z) >= options_.coupling_z;
  const int sign = !far ? 0 : coupling->z > 0 ? 1 : -1;
  const auto now = moment.point.own.at;
  if (sign != std::exchange(apart_, sign)) apart_since_ = now;
  if (sign == 0 || !coupled_ || now - apart_since_ < kApartFor) return;
  coupled_ = false;
  auto signal = draft(moment, Event::kDecoupled, sign > 0 ? Direction::kUp : Direction::kDown, Severity::kLow);
  signal.divergence.window = options_.half_life / 2;
  signal.divergence.z = coupling->z;
  signal.divergence.rho = coupling->rho;
  signal.divergence.rho_long = coupling->rho_long;
  announcer_.emit(signal, signal.divergence.window.count(), out);
}

void DivergenceDetector::announce_joint(const Moment& moment, const JointMoves::Joint& joint,
                                        SignalBuffer& out) noexcept {
  auto signal = draft(moment, Event::kJoint, joint.own.z > 0 ? Direction::kUp : Direction::kDown, Severity::kHigh);
  signal.divergence.window = JointMoves::kWindow;
  signal.divergence.change_pct = percent_between(joint.own.from, joint.own.to);
  signal.divergence.other_change_pct = percent_between(joint.other.from, joint.other.to);
  signal.divergence.own_z = joint.own.z;
  signal.divergence.other_z = joint.other.z;
  announcer_.emit(signal, signal.divergence.window.count(), out);
}

void DivergenceDetector::forget() noexcept {
  own_.clear();
  forget_model();
}

void DivergenceDetector::on_other_forgotten() noexcept {
  other_.clear();
  forget_model();
}

void DivergenceDetector::forget_model() noexcept {
  model_.forget();
  joint_.forget();
  has_before_ = false;
  armed_ = coupled_ = true;
  apart_ = 0;
  last_window_.reset();
}

DetectorView DivergenceDetector::view(Price /*last*/) const {
  using State = PairView::State;
  const auto known = model_.knowledge();
  PairView view{.other = options_.against,
                .state = State::kLearning,
                .as_of = known.last,
                .window = options_.window,
                .beta = known.beta,
                .rho = known.rho,
                .rho_long = known.rho_long,
                .last = last_window_};
  if (!armed_)
    view.state = State::kDiverged;
  else if (!coupled_ && apart_ != 0)
    view.state = State::kDecoupled;
  else if (known.whole)
    view.state = State::kUsual;
  return view;
}

void DivergenceDetector::state(StateIo& io) {
  own_.state(io);
  other_.state(io);
  joint_.state(io);
  io(announcer_, model_, before_, has_before_, armed_, coupled_, apart_, apart_since_);
}

std::string DivergenceDetector::fingerprint() const {
  std::string text = "divergence/" + other_symbol_;
  for (const auto length : {options_.grid, options_.half_life, options_.window})
    text += '/' + std::to_string(length.count());
  return text;
}

}  // namespace yagura::processing
