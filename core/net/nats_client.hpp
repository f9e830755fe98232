// NATS: subjects, JetStream streams and durable consumers. The library behind it stays in nats_*.cpp;
// a build without it has the same interface, and open() says so.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>  // exchange
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace yagura::net {

struct NatsOptions {
  std::vector<std::string> servers;  // "nats://host:4222", "tls://host:4222"; no user names inside
  std::string user, password;
  std::string token;
  std::string credentials_file;  // JWT and NKey seed
  std::string ca_file;           // PEM, and TLS is wanted; empty: the system's authorities, of tls:// only
  std::string name = "yagura";   // what the server's monitoring shows
  Duration connect_timeout = std::chrono::seconds{5};
  // False: open() waits until it is connected or says why not, and a lost connection stays lost.
  bool keep_trying = true;
  std::function<void(std::string why)> on_lost{};  // without keep_trying; on a thread of the library's
};

// Whether every address can be one; the error names the first that cannot.
[[nodiscard]] Result<void> check_nats_servers(const std::vector<std::string>& servers);

// Why there is no connection.
struct NatsError : Error {
  enum class Kind : std::uint8_t { kUnreachable, kTimeout, kAuth, kTls, kWrong };  // kWrong: the options
  Kind kind = Kind::kUnreachable;
};

struct NatsStream {
  std::string name;
  std::string subjects;  // "yagura.alerts.>"
  Duration duplicate_window = std::chrono::hours{24};
  Duration max_age = std::chrono::days{30};
  std::int64_t max_bytes = std::int64_t{256} << 20;
  int replicas = 1;
};

struct NatsDurable {
  std::string stream;
  std::string name;      // letters, digits, '-' and '_'; the same name in several processes: one gets each message
  std::string subjects;  // of the stream's, those wanted
  Duration ack_wait = std::chrono::seconds{30};  // no word for so long: delivered again, perhaps elsewhere
};

struct NatsAck {
  bool duplicate = false;  // the stream had the id already
  std::uint64_t sequence = 0;
};

// A message on its way in; gone with the object.
class NatsMessage {
 public:
  explicit NatsMessage(void* message) : message_(message) {}
  NatsMessage(NatsMessage&& other) noexcept : message_(std::exchange(other.message_, nullptr)) {}
  NatsMessage& operator=(NatsMessage&& other) noexcept {
    std::swap(message_, other.message_);
    return *this;
  }
  ~NatsMessage();
  [[nodiscard]] std::string_view subject() const;
  [[nodiscard]] std::string_view payload() const;

  // Of a consumer's messages; each ends the message's way here. How often it was handed out before
  // and with this, to whomever; its place in the stream.
  [[nodiscard]] std::uint64_t deliveries() const;
  [[nodiscard]] std::uint64_t sequence() const;
  Result<void> ack();  // waits for the server to have it
  Result<void> again_after(Duration wait);
  Result<void> drop();  // never again, to anybody

 private:
  void* message_;
};

// One thread at a time.
class NatsConsumer {
 public:
  virtual ~NatsConsumer() = default;
  // Nothing within `wait` is no error; an error means that a new consumer is wanted.
  [[nodiscard]] virtual Result<std::optional<NatsMessage>> next(Duration wait) = 0;
};

// Any thread may call anything. Connections are made and kept by threads of the library's, with
// back-off and jitter, for ever. Certificates and names in them are always checked. Errors are one line
// and hold no secret.
class NatsClient {
 public:
  using Handler = std::function<void(NatsMessage message)>;  // on a thread of the library's; must not block

  // False in a build without the library.
  [[nodiscard]] static bool built_in();
  // Returns at once and connects in the background (keep_trying); fails for what will never work.
  [[nodiscard]] static Result<std::unique_ptr<NatsClient>, NatsError> open(NatsOptions options);

  virtual ~NatsClient() = default;

  [[nodiscard]] virtual bool connected() = 0;
  [[nodiscard]] virtual std::string trouble() = 0;  // why not; empty while connected

  // At most once, and nothing is kept while there is no connection. May wait for a full socket, 2 s at most.
  [[nodiscard]] virtual Result<void> publish(const std::string& subject, std::string_view payload) = 0;
  // Has the stream's word that it is stored, or was before: `id` is the key. Failing means unknown: again
  // with the same id. Ends within `limit`, and 50 ms after a stop is requested.
  [[nodiscard]] virtual Result<NatsAck> publish_stored(const std::string& subject, const std::string& id,
                                                       std::string_view payload, Duration limit,
                                                       const std::stop_token& stop) = 0;
  // Makes the stream unless there is one of that name, which is left as it is.
  [[nodiscard]] virtual Result<void> ensure_stream(const NatsStream& stream, Duration limit) = 0;
  // The durable consumer, made if there is none.
  [[nodiscard]] virtual Result<std::unique_ptr<NatsConsumer>> consume(const NatsDurable& durable, Duration limit) = 0;
  // Until the client is gone. What comes faster than it is handled is dropped beyond 65,536 messages.
  [[nodiscard]] virtual Result<void> subscribe(const std::string& subject, Handler handler) = 0;
};

// One level of a subject: what NATS gives a meaning to ('.', '*', '>', spaces) becomes '_'.
[[nodiscard]] std::string nats_token(std::string_view text);

}  // namespace yagura::net
