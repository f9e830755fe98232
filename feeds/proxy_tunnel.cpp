#include "feeds/proxy_tunnel.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <charconv>
#include <string>
#include <string_view>

namespace yagura::feeds {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kMaxHead = 8192;
constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr const char* kNotHttp = "does not answer in HTTP; is it a proxy for HTTP?";
constexpr int kWantsUser = 407;

class Tunnel : public std::enable_shared_from_this<Tunnel> {
 public:
  using Done = std::function<void(const std::optional<CloseInfo>&)>;
  Tunnel(std::shared_ptr<tcp::socket> socket, const Proxy& proxy, const Url& target, Done done)
      : socket_(std::move(socket)),
        name_("proxy " + proxy.authority()),
        has_user_(!proxy.user.empty()),
        target_((target.host.find(':') == std::string::npos ? target.host : "[" + target.host + "]") + ":" +
                std::to_string(target.port)),
        done_(std::move(done)) {
    request_ = "CONNECT " + target_ + " HTTP/1.1\r\nHost: " + target_ + "\r\nUser-Agent: yagura\r\n";
    if (has_user_) request_ += "Proxy-Authorization: " + proxy.authorization() + "\r\n";
    request_ += "\r\n";
  }

  void start() {
    asio::async_write(*socket_, asio::buffer(request_),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (error) return self->fail(CloseInfo::Kind::kReset, "cut the connection: " + error.message());
                        self->await_bytes();
                      });
  }

 private:
  void await_bytes() {
    socket_->async_wait(tcp::socket::wait_read, [self = shared_from_this()](const error_code& error) {
      if (error) return self->fail(CloseInfo::Kind::kReset, "cut the connection: " + error.message());
      self->take_bytes();
    });
  }

  // Looks before it takes: what follows the head belongs to the target.
  void take_bytes() {
    std::array<char, 2048> chunk;
    error_code error;
    const auto seen = socket_->receive(asio::buffer(chunk), tcp::socket::message_peek, error);
    if (error == asio::error::would_block || error == asio::error::try_again) return await_bytes();
    if (error) return fail(CloseInfo::Kind::kReset, "hung up before it answered");
    const auto known = head_.size();
    head_.append(chunk.data(), seen);
    const auto end = head_.find(kEndOfHead);
    if (end != std::string::npos) head_.resize(end + kEndOfHead.size());
    (void)socket_->receive(asio::buffer(chunk.data(), head_.size() - known), 0, error);
    if (head_.size() > kMaxHead) return fail(CloseInfo::Kind::kProxy, "the head of its answer has no end");
    if (!begins_like_http()) return fail(CloseInfo::Kind::kProxy, kNotHttp);
    if (end == std::string::npos) return await_bytes();
    judge();
  }

  [[nodiscard]] bool begins_like_http() const {
    constexpr std::string_view kStart = "HTTP/1.";
    return std::string_view{head_}.substr(0, kStart.size()) == kStart.substr(0, head_.size());
  }

  void judge() {
    int status = 0;
    const std::string_view line = std::string_view{head_}.substr(0, head_.find('\r'));
    if (line.size() < 12 || line[8] != ' ' ||
        std::from_chars(line.data() + 9, line.data() + 12, status).ptr != line.data() + 12) {
      return fail(CloseInfo::Kind::kProxy, kNotHttp);
    }
    if (status / 100 == 2) return finish(std::nullopt);
    const std::string answer{line.substr(9)};
    if (status == kWantsUser) {
      return fail(CloseInfo::Kind::kProxy,
                  has_user_ ? "refuses the user name and password (" + answer + ")"
                            : "wants a user name and password (" + answer + "); give them by proxy_env or HTTPS_PROXY",
                  status, kAfterRefusedUser);
    }
    fail(CloseInfo::Kind::kProxy, "gives no way to " + target_ + ": HTTP " + answer, status);
  }

  void fail(CloseInfo::Kind kind, const std::string& why, int status = 0, std::optional<Duration> wait = {}) {
    finish(CloseInfo{kind, static_cast<std::uint16_t>(status), wait, name_ + " " + why});
  }
  void finish(const std::optional<CloseInfo>& failure) {
    std::fill(request_.begin(), request_.end(), '\0');
    done_(failure);
  }

  std::shared_ptr<tcp::socket> socket_;
  const std::string name_;
  const bool has_user_;
  const std::string target_;
  std::string request_;  // SECRET
  std::string head_;
  Done done_;
};

}  // namespace

void open_tunnel(std::shared_ptr<tcp::socket> socket, const Proxy& proxy, const Url& target,
                 std::function<void(const std::optional<CloseInfo>&)> done) {
  // Looking must not block, should a wake-up be spurious.
  error_code ignored;
  socket->non_blocking(true, ignored);
  std::make_shared<Tunnel>(std::move(socket), proxy, target, std::move(done))->start();
}

}  // namespace yagura::feeds
