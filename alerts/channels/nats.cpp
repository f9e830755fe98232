#include "alerts/channels/nats.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace yagura::alerts {
namespace {

constexpr Duration kLook = std::chrono::milliseconds{20};
constexpr Duration kStreamStep = std::chrono::milliseconds{90};  // between two looks at a request to stop
constexpr std::size_t kDuplicateServers = 3;

class NatsSink final : public Channel {
 public:
  NatsSink(NatsChannel options) : options_(std::move(options)) {}

  Attempt send(const Letter& letter, const std::stop_token& stop) override {
    using Purpose = Letter::Purpose;
    if (letter.purpose == Purpose::kReminder || letter.purpose == Purpose::kAcknowledged)
      return {.result = Attempt::Result::kDelivered, .detail = "the stream has it", .retry_after = {}};
    const auto until = std::chrono::steady_clock::now() + options_.timeout;
    const auto published = publish(letter, until, stop);
    if (published) {
      return {.result = Attempt::Result::kDelivered,
              .detail = (published->duplicate ? "stored before, as " : "stored as ") +
                        std::to_string(published->sequence) + " of " + options_.stream,
              .retry_after = {}};
    }
    return {.result = Attempt::Result::kFailed, .detail = published.error().message, .retry_after = {}};
  }

 private:
  using Until = MonoTime;

  Result<net::NatsAck> publish(const Letter& letter, Until until, const std::stop_token& stop) {
    if (!client_) {
      auto opened = net::NatsClient::open(connection_options(options_));
      if (!opened) return opened.error();
      client_ = std::move(*opened);
    }
    if (const auto ready = await_stream(until, stop); !ready) return ready.error();
    auto stored = client_->publish_stored(subject_of(options_, letter), message_id_of(letter), letter.json,
                                          until - std::chrono::steady_clock::now(), stop);
    if (!stored) stream_known_ = false;  // it may have been taken away
    return stored;
  }

  // Connected, and the stream is there.
  Result<void> await_stream(Until until, const std::stop_token& stop) {
    std::string why = "not connected";
    while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) {
      if (stream_known_ && client_->connected()) return {};
      const auto there = client_->ensure_stream(alert_stream(options_), kStreamStep);
      stream_known_ = there.has_value();
      if (stream_known_) continue;
      why = there.error().message;
      pause(kLook, stop);
    }
    return Error{stop.stop_requested() ? "stopped" : why};
  }

  static void pause(Duration wait, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock{mutex};
    (void)wake.wait_for(lock, stop, wait, [] { return false; });
  }

  const NatsChannel options_;
  std::unique_ptr<net::NatsClient> client_;
  bool stream_known_ = false;
};

}  // namespace

net::NatsOptions connection_options(const NatsChannel& options) {
  net::NatsOptions connection;
  connection.servers = options.servers;
  connection.user = options.user;
  connection.password = options.password.value;
  connection.token = options.token.value;
  connection.credentials_file = options.credentials_file;
  connection.ca_file = options.ca_file;
  connection.connect_timeout = std::min<Duration>(options.timeout, std::chrono::seconds{5});
  return connection;
}

net::NatsStream alert_stream(const NatsChannel& options) {
  net::NatsStream stream;
  stream.name = options.stream;
  stream.subjects = options.subject + ".>";
  stream.replicas = options.servers.size() >= kDuplicateServers ? 3 : 1;
  return stream;
}

std::string subject_of(const NatsChannel& options, const Letter& letter) {
  return options.subject + "." + net::nats_token(letter.instrument) + "." + net::nats_token(letter.kind);
}

std::string message_id_of(const Letter& letter) {
  return to_string(letter.id) + (letter.event == "withdrawn" ? "-withdrawn" : "");
}

Result<std::unique_ptr<Channel>> make(const NatsChannel& options) {
  if (!net::NatsClient::built_in()) return Error{"this yagura was built without NATS"};
  if (const auto good = net::check_nats_servers(options.servers); !good)
    return Error{"servers: " + good.error().message};
  return std::unique_ptr<Channel>{std::make_unique<NatsSink>(options)};
}

}  // namespace yagura::alerts
