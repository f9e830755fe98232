#include "app/bench/plan.hpp"

#include <charconv>
#include <cmath>

#include "app/start_up.hpp"

namespace yagura::app::bench {
namespace {

// A number between two bounds, both allowed.
Result<double> number(const std::string& option, const std::string& text, double least, double most) {
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || !(value >= least && value <= most)) {
    std::string bounds = std::to_string(static_cast<long long>(std::ceil(least)));
    if (least > 0 && least < 1) bounds = "0.1";
    return Error{option + " " + text.substr(0, 40) + ": must be a number from " + bounds + " to " +
                 std::to_string(static_cast<long long>(most))};
  }
  return value;
}

Result<std::size_t> whole(const std::string& option, const std::string& text, std::size_t least, std::size_t most) {
  const auto value = number(option, text, static_cast<double>(least), static_cast<double>(most));
  if (!value) return value.error();
  if (*value != std::floor(*value)) return Error{option + " " + text.substr(0, 40) + ": must be a whole number"};
  return static_cast<std::size_t>(*value);
}

// Sets `into` when the option was given.
template <class T, class Read>
std::optional<Error> take(const std::string& text, T& into, Read read) {
  if (text.empty()) return std::nullopt;
  const auto value = read(text);
  if (!value) return value.error();
  into = static_cast<T>(*value);
  return std::nullopt;
}

std::optional<Error> take_pace(const BenchOptions& options, Plan& plan) {
  if (options.speed.empty()) return std::nullopt;
  if (!options.rates.empty()) return Error{"--speed and --rate: choose one, the recording's pace or a constant rate"};
  if (options.speed == "max") {
    plan.pace = Pace::kFlatOut;
    plan.saturation = true;
    return std::nullopt;
  }
  const auto speed = parse_speed(options.speed);
  if (!speed) return Error{"--speed " + options.speed + ": must be a number above zero, up to a million, or 'max'"};
  plan.pace = Pace::kRecorded;
  plan.speed = *speed;
  return std::nullopt;
}

Path single_path(const BenchOptions& options, int workers) {
  Path path{.name = "yagura"};
  path.rules = options.rules == "same_work" ? Rules::kSameWork : Rules::kShipped;
  if (!options.wait.empty()) path.wait = options.wait;
  if (!options.workers.empty()) path.workers = workers;
  return path;
}

std::vector<Path> baseline_paths() {
  const auto yagura = [](const char* name, const char* wait, int workers) {
    return Path{.name = name, .rules = Rules::kSameWork, .wait = wait, .workers = workers};
  };
  const auto other = [](const char* name, const char* program, const char* wait) {
    return Path{.name = name, .program = program, .rules = Rules::kSameWork, .wait = wait};
  };
  return {yagura("yagura", "spin", 0),
          yagura("yagura_worker", "spin", 1),
          yagura("yagura_block", "block", 0),
          yagura("yagura_worker_block", "block", 1),
          Path{.name = "yagura_shipped", .workers = 1},  // what they say themselves
          other("floor", "floor", "spin"),
          other("floor_block", "floor", "block"),
          other("bare", "bare", "spin"),
          other("beast_nlohmann", "beast_nlohmann", "block"),
          other("node_ws", "node_ws", "block")};
}

std::optional<Error> take_rates(const BenchOptions& options, Plan& plan) {
  for (const auto& text : options.rates) {
    const auto rate = number("--rate", text, 1, 1'000'000);
    if (!rate) return rate.error();
    plan.rates.push_back(*rate);
  }
  if (plan.pace == Pace::kRecorded) plan.rates = {0};
  if (plan.rates.empty() && plan.pace == Pace::kConstant)
    plan.rates = options.baseline ? std::vector<double>{10'000, 50'000} : std::vector<double>{10'000};
  return std::nullopt;
}

// The frames of a cell are held in memory, some 130 bytes each.
std::optional<Error> check_size(const Plan& plan) {
  constexpr double kMost = 20'000'000;
  for (const double rate : plan.rates) {
    if (rate * std::chrono::duration<double>(plan.length).count() > kMost)
      return Error{"--rate and --seconds: more than 20 million ticks in one run; choose fewer"};
  }
  return std::nullopt;
}

}  // namespace

Result<Plan> plan_of(const BenchOptions& options) {
  Plan plan;
  double seconds = options.baseline ? 3 : 10;
  std::size_t runs = options.baseline ? 5 : 1;
  std::size_t workers = 0;
  const auto one_of = [](const std::string& option, const std::string& text, const char* a,
                         const char* b) -> std::optional<Error> {
    if (text.empty() || text == a || text == b) return std::nullopt;
    return Error{option + " " + text.substr(0, 40) + ": must be " + a + " or " + b};
  };
  const auto within = [](const char* option, std::size_t least, std::size_t most) {
    return [=](const std::string& text) { return whole(option, text, least, most); };
  };
  const std::optional<Error> problems[] = {
      take_pace(options, plan),
      take_rates(options, plan),
      take(options.seconds, seconds, [](const std::string& t) { return number("--seconds", t, 0.1, 3600); }),
      take(options.runs, runs, within("--runs", 1, 100)),
      take(options.alert_every, plan.probe_every, within("--alert-every", 1, 1'000'000)),
      take(options.workers, workers, within("--workers", 0, 64)),
      take(options.levels, plan.levels, within("--levels", 2, 1'000'000)),
      take(options.clients, plan.clients, within("--clients", 1, 1000)),
      one_of("--rules", options.rules, "shipped", "same_work"),
      one_of("--wait", options.wait, "spin", "block"),
  };
  for (const auto& problem : problems) {
    if (problem) return *problem;
  }
  if (!options.hold.empty()) {
    plan.hold = parse_duration(options.hold);
    if (!plan.hold || *plan.hold <= Duration{0})
      return Error{"--hold " + options.hold + ": must be a duration such as 1ms or 200us"};
  }
  plan.length = Duration{std::llround(seconds * 1e9)};
  plan.runs = static_cast<int>(runs);
  plan.burst = options.burst;
  plan.pin = options.pin || (options.baseline && !options.no_pin);
  if (plan.burst && plan.pace != Pace::kConstant) return Error{"--burst and --speed: a burst has a pace of its own"};
  if (const auto problem = check_size(plan)) return *problem;
  if (options.baseline && (!options.wait.empty() || !options.workers.empty() || !options.rules.empty()))
    return Error{"--baseline: runs every way of waiting; --wait, --workers and --rules are for a run without it"};
  plan.paths = options.baseline ? baseline_paths() : std::vector{single_path(options, static_cast<int>(workers))};
  plan.saturation = plan.saturation || (options.baseline && !plan.burst);  // a burst saturates nobody otherwise
  return plan;
}

}  // namespace yagura::app::bench
