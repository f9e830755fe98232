#include "alerts/outbox.hpp"

#include <algorithm>
#include <deque>
#include <random>
#include <utility>

#include "alerts/delivery_table.hpp"
#include "alerts/facts.hpp"

namespace yagura::alerts {
namespace {

// Texts of letters that wait, by sink; the rest are read from the journal when their time has come.
constexpr std::size_t kTextsInMemory = 1'000;
constexpr auto kIdle = std::chrono::seconds{10};
// What another sink took while this one may not have heard of it yet: a moment's worth.
constexpr std::size_t kWithdrawn = 1'000;

const RealClock kRealClock;

}  // namespace

std::string_view kind_of(const SinkOptions& sink) {
  static constexpr std::string_view kKinds[] = {"file",      "webhook", "slack", "discord", "telegram", "line",
                                                "pagerduty", "ntfy",    "email", "exec",    "desktop",  "nats"};
  static_assert(std::size(kKinds) == std::variant_size_v<ChannelOptions>);
  return kKinds[sink.channel.index()];
}

class Outbox::Sender {
 public:
  // `taken`: told of each alert that the place took.
  Sender(Sink sink, Journal& journal, const Options& options, std::uint64_t seed, std::function<void(Id128)> taken)
      : sink_(std::move(sink)),
        journal_(journal),
        options_(options),
        clock_(options.clock == nullptr ? kRealClock : *options.clock),
        random_(seed),
        taken_(std::move(taken)),
        lane_(lane_options(options, sink_.options), [this] { return std::generate_canonical<double, 53>(random_); }) {
    status_.name = sink_.options.name;
    status_.kind = kind_of(sink_.options);
  }
  ~Sender() { stop(); }

  void start() {
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  }
  void stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
  }

  [[nodiscard]] const std::string& name() const { return sink_.options.name; }

  void take(Delivery delivery) {
    {
      const std::scoped_lock guard{mutex_};
      if (delivery.stored && lane_.waiting() >= kTextsInMemory) delivery.json.reset();
      const auto id = delivery.id;
      lane_.add(std::move(delivery), clock_.mono(), clock_.now());
      if (std::ranges::find(withdrawn_, id) != withdrawn_.end()) report(lane_.withdraw(id, clock_.now()));
      changed_ = true;
    }
    wake_.notify_one();
  }
  void cancel(Id128 episode) {
    const std::scoped_lock guard{mutex_};
    lane_.cancel(episode);
  }
  // The sink this one is a fallback for has taken an alert, perhaps before this one has heard of it.
  void withdraw(Id128 id) {
    const std::scoped_lock guard{mutex_};
    report(lane_.withdraw(id, clock_.now()));
    withdrawn_.push_back(id);
    if (withdrawn_.size() > kWithdrawn) withdrawn_.pop_front();
  }
  [[nodiscard]] const std::string& fallback_for() const { return sink_.options.fallback_for; }
  std::size_t resend(Id128 id) {
    std::size_t count = 0;
    {
      const std::scoped_lock guard{mutex_};
      count = report(lane_.resend(id, clock_.mono(), clock_.now()));
      changed_ = true;
    }
    wake_.notify_one();
    return count;
  }

  // Until nothing is due at once.
  bool wait_idle(std::chrono::steady_clock::time_point until) {
    std::unique_lock guard{mutex_};
    return idle_.wait_until(guard, until, [this] { return at_rest_ && !changed_; });
  }

  [[nodiscard]] SinkTimes times() const {
    const std::scoped_lock guard{mutex_};
    return times_;
  }
  [[nodiscard]] SinkStatus status() const {
    const std::scoped_lock guard{mutex_};
    SinkStatus status = status_;
    status.waiting = lane_.waiting();
    status.dead = lane_.dead();
    status.oldest = lane_.oldest();
    status.off = lane_.off();
    status.down = lane_.down();
    status.last_problem = lane_.last_problem();
    return status;
  }

 private:
  static Lane::Options lane_options(const Options& options, const SinkOptions& sink) {
    auto lane = options.lane;
    lane.rate = sink.rate;
    lane.in_order = sink.deliver == Deliver::kAll || std::holds_alternative<FileChannel>(sink.channel);
    return lane;
  }

  // Under the lock, so that the journal sees changes in the order in which they were made.
  std::size_t report(std::vector<DeliveryChange> changes) {
    for (auto& change : changes) journal_.change(std::move(change));
    return changes.size();
  }

  void run(const std::stop_token& stop) {
    std::unique_lock guard{mutex_};
    while (!stop.stop_requested()) {
      changed_ = false;
      const auto next = lane_.next(clock_.mono());
      if (next.send) {
        send(*next.send, guard, stop);
        continue;
      }
      if (!next.fold.empty()) {
        fold(next.fold);
        continue;
      }
      at_rest_ = true;
      idle_.notify_all();
      const auto at = lane_.wake_at();
      const auto wait = at ? std::clamp<Duration>(*at - clock_.mono(), Duration{0}, kIdle) : Duration{kIdle};
      wake_.wait_for(guard, stop, wait, [this] { return changed_; });
      at_rest_ = false;
    }
  }

  void send(std::uint64_t number, std::unique_lock<std::mutex>& guard, const std::stop_token& stop) {
    const Delivery delivery = lane_.letter(number);
    guard.unlock();
    const auto begin = clock_.mono();
    const auto attempt = try_once(delivery, stop);
    const auto end = clock_.mono();
    guard.lock();
    using Result = Attempt::Result;
    // An attempt that was ended by our own end says nothing about the place.
    if (stop.stop_requested() && attempt.result == Result::kFailed) return;
    if (delivery.attempts == 0 && !delivery.escalation && delivery.handed != MonoTime{})
      times_.first_attempt.record(begin - delivery.handed);
    if (attempt.result == Result::kDelivered && !delivery.escalation && delivery.handed != MonoTime{})
      times_.taken.record(end - delivery.handed);
    status_.delivered += attempt.result == Result::kDelivered;
    status_.refused += attempt.result == Result::kRefused;
    status_.failed += attempt.result == Result::kFailed || attempt.result == Result::kGone;
    report(lane_.attempted(number, attempt, end, clock_.now()));
    if (attempt.result != Result::kDelivered) return;
    guard.unlock();
    taken_(delivery.id);
    guard.lock();
  }

  Attempt try_once(const Delivery& delivery, const std::stop_token& stop) {
    try {
      const auto json = text_of(delivery);
      if (!json) return {Attempt::Result::kFailed, "the journal does not give the alert's text", {}};
      return sink_.channel->send(options_.compose(delivery, *json, sink_.options), stop);
    } catch (const std::exception& error) {
      return {Attempt::Result::kFailed, error.what(), {}};
    }
  }

  std::shared_ptr<const std::string> text_of(const Delivery& delivery) {
    if (delivery.json) return delivery.json;
    if (!reader_) {
      auto opened = sqlite::Connection::open(journal_.file(), sqlite::Connection::Mode::kReadOnly);
      if (!opened) return nullptr;
      reader_.emplace(*std::move(opened));
    }
    auto json = delivery_json(*reader_, delivery.number);
    if (json && *json && !(*json)->empty()) return std::make_shared<const std::string>(**std::move(json));
    reader_.reset();
    return nullptr;
  }

  // The journal stores the summary together with what it stands for, then hands it over like any other.
  void fold(const std::vector<std::uint64_t>& numbers) {
    std::vector<Delivery> letters;
    Delivery summary;
    Fnv128 hash;
    hash.bytes(name());
    for (const auto number : numbers) {
      letters.push_back(lane_.letter(number));
      const auto& letter = letters.back();
      hash.number(letter.id.hi).number(letter.id.lo);
      summary.severity = std::max(summary.severity, letter.severity);
    }
    summary.sink = name();
    summary.purpose = Letter::Purpose::kSummary;
    summary.created = summary.due = clock_.now();
    summary.json = std::make_shared<const std::string>(options_.summarise(letters, sink_.options));
    // Receivers see the id that the summary gives itself.
    const auto facts = read_facts(*summary.json);
    summary.id = summary.episode = facts ? facts->id : hash.value();
    status_.folded += numbers.size();
    journal_.fold(lane_.folded(numbers, summary.id, clock_.now()), std::move(summary));
  }

  Sink sink_;
  Journal& journal_;
  const Options options_;
  const Clock& clock_;
  std::mt19937_64 random_;
  std::optional<sqlite::Connection> reader_;  // sending thread
  const std::function<void(Id128)> taken_;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable_any wake_;
  std::condition_variable idle_;
  Lane lane_;
  SinkStatus status_;
  SinkTimes times_;
  std::deque<Id128> withdrawn_;  // newest last
  bool changed_ = false;
  bool at_rest_ = false;

  std::jthread thread_;  // last: ends before what it uses is gone
};

Outbox::Outbox(std::vector<Sink> sinks, Journal& journal, Options options) : journal_(journal) {
  std::uint64_t seed = options.seed;
  for (auto& sink : sinks) {
    auto taken = [this, name = sink.options.name](Id128 id) { this->taken(name, id); };
    senders_.push_back(std::make_unique<Sender>(std::move(sink), journal, options, seed++, std::move(taken)));
  }
}

Outbox::~Outbox() { stop(); }

void Outbox::start() {
  take(journal_.take_open_deliveries());
  journal_.on_deliveries([this](std::vector<Delivery> deliveries, const std::vector<Id128>& over) {
    take(std::move(deliveries));
    for (const auto episode : over) cancel(episode);
  });
  for (auto& sender : senders_) sender->start();
}

void Outbox::stop() {
  journal_.on_deliveries({});
  for (auto& sender : senders_) sender->stop();
}

void Outbox::finish(Duration limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  for (auto& sender : senders_) sender->wait_idle(until);
  stop();
}

// A sink that is not in the settings any more keeps its letters in the journal.
void Outbox::take(std::vector<Delivery> deliveries) {
  for (auto& delivery : deliveries) {
    const auto sender = std::ranges::find(senders_, delivery.sink, [](const auto& s) { return s->name(); });
    if (sender != senders_.end()) (*sender)->take(std::move(delivery));
  }
}

// On the thread of the sink that took it, which holds no lock.
void Outbox::taken(const std::string& sink, Id128 id) {
  for (auto& sender : senders_) {
    if (sender->fallback_for() == sink) sender->withdraw(id);
  }
}

void Outbox::cancel(Id128 episode) {
  for (auto& sender : senders_) sender->cancel(episode);
}

std::size_t Outbox::resend(Id128 id) {
  std::size_t count = 0;
  for (auto& sender : senders_) count += sender->resend(id);
  return count;
}

std::vector<SinkTimes> Outbox::times() const {
  std::vector<SinkTimes> all;
  all.reserve(senders_.size());
  for (const auto& sender : senders_) all.push_back(sender->times());
  return all;
}

std::vector<SinkStatus> Outbox::status() const {
  std::vector<SinkStatus> all;
  for (const auto& sender : senders_) all.push_back(sender->status());
  return all;
}

}  // namespace yagura::alerts
