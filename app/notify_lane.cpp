#include "app/notify_lane.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <type_traits>

#include "alerts/channels/nats.hpp"
#include "alerts/compose.hpp"

namespace yagura::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration kFetch = 500ms;              // so long a stop may have to wait
constexpr Duration kPrepare = 1s;               // for an answer of JetStream's
constexpr Duration kBetweenAttempts = 250ms;    // to prepare
constexpr Duration kAckSlack = 5s;              // beyond the attempt's limit, before another process gets it
constexpr std::size_t kRemembered = 20'000;     // ids; the stream itself knows them for 24 h
constexpr std::uint64_t kMostDeliveries = 200;  // an alert that everybody dies of
constexpr std::size_t kMostFailing = 10'000;

void pause(Duration wait, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock{mutex};
  (void)wake.wait_for(lock, stop, wait, [] { return false; });
}

std::string key_of(const alerts::Facts& facts) {
  alerts::Letter letter;
  letter.id = facts.id;
  letter.event = facts.event;
  return alerts::message_id_of(letter);
}

}  // namespace

Duration attempt_limit(const alerts::ChannelOptions& channel) {
  return std::visit(
      [](const auto& options) -> Duration {
        if constexpr (requires { options.http.timeout; })
          return options.http.timeout;
        else if constexpr (requires { options.timeout; })
          return options.timeout;
        else
          return 2s;  // a file, a notification on this machine
      },
      channel);
}

NotifyLane::NotifyLane(Options options, net::NatsClient& nats, std::unique_ptr<alerts::Channel> channel,
                       DeadLetters& dead, const Clock& clock)
    : options_(std::move(options)),
      nats_(nats),
      channel_(std::move(channel)),
      dead_(dead),
      clock_(clock),
      random_(static_cast<std::minstd_rand::result_type>(options_.seed)) {}

void NotifyLane::run(const std::stop_token& stop) {
  while (!stop.stop_requested() && !gone_) {
    if (!consumer_ && !prepare()) {
      pause(kBetweenAttempts, stop);
      continue;
    }
    // The budget is waited for with empty hands: what is fetched has to be sent in time.
    if (const auto wait = next_free_ - clock_.mono(); wait > Duration{0}) pause(wait, stop);
    auto next = consumer_->next(kFetch);
    if (!next) {
      consumer_.reset();
      say(next.error().message);
      pause(kBetweenAttempts, stop);
    } else if (*next) {
      handle(**next, stop);
    }
  }
}

bool NotifyLane::prepare() {
  auto made = [this]() -> Result<std::unique_ptr<net::NatsConsumer>> {
    if (const auto there = nats_.ensure_stream(options_.stream, kPrepare); !there) return there.error();
    return nats_.consume({.stream = options_.stream.name,
                          .name = options_.durable,
                          .subjects = options_.stream.subjects,
                          .ack_wait = attempt_limit(options_.sink.channel) + kAckSlack},
                         kPrepare);
  }();
  if (!made) {
    say(made.error().message);
    return false;
  }
  consumer_ = std::move(*made);
  if (!said_.empty())
    spdlog::info("notify: sink '{}' has the stream {} again", options_.sink.name, options_.stream.name);
  said_.clear();
  return true;
}

// Once for each new problem.
void NotifyLane::say(const std::string& problem) {
  if (problem == said_) return;
  said_ = problem;
  spdlog::warn("notify: sink '{}': {}; tried again", options_.sink.name, problem);
}

void NotifyLane::handle(net::NatsMessage& message, const std::stop_token& stop) {
  const auto facts = alerts::read_facts(message.payload());
  if (!facts) return bury(message, "no alert: " + facts.error().message, 0, false);
  if (done_.contains(key_of(*facts))) {
    repeated_.fetch_add(1, std::memory_order_relaxed);
    return finish(message);
  }
  if (facts->severity < options_.sink.least) {
    below_.fetch_add(1, std::memory_order_relaxed);
    return finish(message);
  }
  if (message.deliveries() > kMostDeliveries)
    return bury(message, "handed out " + std::to_string(message.deliveries()) + " times", message.deliveries(), true);
  if (const auto wait = held_back(*facts)) {
    if (const auto asked = message.again_after(*wait); !asked) say(asked.error().message);
    return;
  }
  send(message, *facts, stop);
}

// A follow-up waits for its alert, and a retry for its time.
std::optional<Duration> NotifyLane::held_back(const alerts::Facts& facts) {
  const auto now = clock_.mono();
  Duration wait{0};
  const auto consider = [&](const std::string& key) {
    const auto found = failing_.find(key);
    if (found != failing_.end()) wait = std::max<Duration>(wait, found->second.due - now);
  };
  consider(key_of(facts));
  // A little after it; if another process has taken the alert meanwhile, nobody waits for ever.
  if (!facts.parent.empty() && facts.parent != facts.id) {
    const auto before = wait;
    consider(to_string(facts.parent));
    if (wait > before) wait += 20ms;
  }
  if (wait <= Duration{0}) return std::nullopt;
  return wait;
}

void NotifyLane::send(net::NatsMessage& message, const alerts::Facts& facts, const std::stop_token& stop) {
  const auto key = key_of(facts);
  const auto found = failing_.find(key);
  auto letter = alerts::compose(facts, alerts::Letter::Purpose::kAlert,
                                {.language = options_.sink.language,
                                 .title_template = options_.sink.title_template,
                                 .text_template = options_.sink.text_template,
                                 .instruments = options_.instruments,
                                 .link = {}});
  letter.attempt = found == failing_.end() ? 1 : found->second.tries + 1;
  if (options_.sink.rate.per_second > 0) {
    const Duration each{static_cast<std::int64_t>(1e9 / options_.sink.rate.per_second)};
    // `burst` at once: the budget may lie that far in the past.
    next_free_ = std::max<MonoTime>(next_free_, clock_.mono() - each * std::max(options_.sink.rate.burst, 1)) + each;
  }
  const auto attempt = channel_->send(letter, stop);
  using Kind = alerts::Attempt::Result;
  switch (attempt.result) {
    case Kind::kDelivered:
      delivered_.fetch_add(1, std::memory_order_relaxed);
      failing_.erase(key);
      remember(key);
      return finish(message);
    case Kind::kRefused:
      failing_.erase(key);
      return bury(message, attempt.detail, static_cast<std::uint64_t>(letter.attempt), true);
    case Kind::kGone:
      gone_ = true;
      spdlog::error("notify: sink '{}' is off until the next start: {}", options_.sink.name, attempt.detail);
      if (const auto asked = message.again_after(kBetweenAttempts); !asked) say(asked.error().message);
      return;
    case Kind::kFailed:
      if (stop.stop_requested()) {
        (void)message.again_after(kBetweenAttempts);  // for another process, or our next start
        return;
      }
      failed_.fetch_add(1, std::memory_order_relaxed);
      return later(message, key, attempt);
  }
}

void NotifyLane::later(net::NatsMessage& message, const std::string& key, const alerts::Attempt& attempt) {
  if (failing_.size() >= kMostFailing) failing_.clear();  // they are in the stream
  auto& failing = failing_[key];
  if (++failing.tries >= options_.tries) {
    const auto tries = static_cast<std::uint64_t>(failing.tries);
    failing_.erase(key);
    return bury(message, attempt.detail, tries, true);
  }
  const Duration wait = std::max(wait_before(failing.tries), attempt.retry_after.value_or(Duration{0}));
  failing.due = clock_.mono() + wait;
  spdlog::warn("notify: sink '{}': try {} of {} failed: {}", options_.sink.name, failing.tries, key, attempt.detail);
  if (const auto asked = message.again_after(wait); !asked) say(asked.error().message);
}

Duration NotifyLane::wait_before(int tries) {
  const auto most = std::min<Duration>(options_.first_wait * (1LL << std::min(tries - 1, 20)), options_.longest_wait);
  return Duration{std::uniform_int_distribution<std::int64_t>{0, most.count()}(random_)};
}

// First on the disk, then out of the stream.
void NotifyLane::bury(net::NatsMessage& message, std::string_view why, std::uint64_t tries, bool is_json) {
  const auto kept = dead_.add({.at = clock_.now(),
                               .sink = options_.sink.name,
                               .why = why,
                               .tries = tries,
                               .payload = message.payload(),
                               .is_json = is_json});
  if (!kept) {
    say(kept.error().message);
    if (const auto asked = message.again_after(options_.longest_wait); !asked) say(asked.error().message);
    return;
  }
  buried_.fetch_add(1, std::memory_order_relaxed);
  spdlog::error("notify: sink '{}': dead letter in {}: {}", options_.sink.name, dead_.file().string(), why);
  if (const auto dropped = message.drop(); !dropped) say(dropped.error().message);
}

// Should the word be lost, the alert comes again and is known.
void NotifyLane::finish(net::NatsMessage& message) {
  if (const auto taken = message.ack(); !taken) say(taken.error().message);
}

void NotifyLane::remember(const std::string& key) {
  if (!done_.insert(key).second) return;
  done_order_.push_back(key);
  if (done_order_.size() <= kRemembered) return;
  done_.erase(done_order_.front());
  done_order_.pop_front();
}

NotifyLane::Stats NotifyLane::stats() const {
  return {.delivered = delivered_,
          .repeated = repeated_,
          .failed = failed_,
          .dead = buried_,
          .below = below_,
          .gone = gone_};
}

}  // namespace yagura::app
