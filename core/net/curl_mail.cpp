#include "core/net/curl_mail.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

namespace yagura::net {
namespace {

constexpr std::size_t kLongestReply = 300;
// For the answers after a refusal: another way to log in, or to QUIT.
constexpr long kPatienceAfterRefusal = 2;  // seconds

long whole_ms(Duration limit) { return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(limit).count()); }
long whole_seconds(Duration limit) { return static_cast<long>(std::chrono::ceil<std::chrono::seconds>(limit).count()); }

void set_up_libcurl() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
}

// Of the socket in use, so that another thread can cut it while libcurl waits inside a call.
class OpenSocket {
 public:
  void opened(int fd) {
    const std::scoped_lock guard{mutex_};
    fd_ = fd;
    if (cut_) ::shutdown(fd_, SHUT_RDWR);
  }
  void closing(int fd) {
    const std::scoped_lock guard{mutex_};
    if (fd == fd_) fd_ = -1;
  }
  void cut() {
    const std::scoped_lock guard{mutex_};
    cut_ = true;
    if (fd_ >= 0) ::shutdown(fd_, SHUT_RDWR);
  }

 private:
  std::mutex mutex_;
  int fd_ = -1;
  bool cut_ = false;
};

// What was said, by both sides: libcurl itself keeps only the last code.
class Dialogue {
 public:
  explicit Dialogue(std::size_t recipients) { recipients_.reserve(recipients); }

  void we_said(std::string_view command) { at_recipient_ = command.starts_with("RCPT "); }
  // True when it was a refusal.
  bool they_said(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
    int code = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + std::min<std::size_t>(line.size(), 3), code);
    const bool is_last = line.size() == 3 || (line.size() > 3 && line[3] == ' ');
    if (error != std::errc{} || end != line.data() + 3 || !is_last) return false;
    last_ = {code, printable(line)};
    if (std::exchange(at_recipient_, false)) recipients_.push_back(last_);
    return code >= 400;
  }
  [[nodiscard]] const MailReply& last() const { return last_; }
  [[nodiscard]] const std::vector<MailReply>& recipients() const { return recipients_; }

 private:
  static std::string printable(std::string_view line) {
    std::string out{line.substr(0, kLongestReply)};
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
  }

  MailReply last_;
  std::vector<MailReply> recipients_;
  bool at_recipient_ = false;
};

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};
using Easy = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Freed<curl_multi_cleanup>>;
using List = std::unique_ptr<curl_slist, Freed<curl_slist_free_all>>;

class Submission {
 public:
  Submission(const MailServer& server, const MailEnvelope& envelope, std::string_view message)
      : server_(server), envelope_(envelope), left_(message), dialogue_(envelope.to.size()) {}

  MailOutcome run(const std::stop_token& stop);

 private:
  bool prepare(std::string_view message);
  void set_security();
  bool set_envelope();
  CURLcode perform(const std::stop_token& stop);
  void leave();
  [[nodiscard]] std::string problem_of(CURLcode code) const;

  static std::size_t read(char* out, std::size_t size, std::size_t count, void* self) noexcept;
  static int listen(CURL*, curl_infotype type, char* data, std::size_t size, void* self) noexcept;
  static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* address) noexcept;
  static int close(void* self, curl_socket_t fd) noexcept;

  const MailServer& server_;
  const MailEnvelope& envelope_;
  std::string_view left_;  // of the message
  Dialogue dialogue_;
  OpenSocket socket_;  // outlives the handles: they close through it
  std::array<char, CURL_ERROR_SIZE> error_{};
  List recipients_;
  Easy easy_{curl_easy_init()};
  Multi multi_{curl_multi_init()};
};

MailOutcome Submission::run(const std::stop_token& stop) {
  MailOutcome outcome;
  if (!easy_ || !multi_ || !prepare(left_)) {
    outcome.problem = "libcurl: out of memory";
    return outcome;
  }
  const auto code = perform(stop);
  outcome.accepted = code == CURLE_OK;
  outcome.reply = dialogue_.last();
  outcome.recipients = dialogue_.recipients();
  if (!outcome.accepted) outcome.problem = stop.stop_requested() ? "stopped" : problem_of(code);
  leave();
  return outcome;
}

bool Submission::prepare(std::string_view message) {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, server_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // a proxy for HTTP carries no mail
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a look-up that hangs is left to itself, not waited for
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, whole_ms(server_.timeout));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, whole_ms(server_.timeout));
  curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, whole_seconds(server_.timeout));
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Submission::read);
  curl_easy_setopt(easy, CURLOPT_READDATA, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);  // for the dialogue; nothing is printed
  curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, &Submission::listen);
  curl_easy_setopt(easy, CURLOPT_DEBUGDATA, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Submission::open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Submission::close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
  if (!server_.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, server_.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, server_.password.c_str());
  }
  set_security();
  return set_envelope();
}

void Submission::set_security() {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(server_.starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (server_.ca_file.empty()) return;
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // would be trusted besides the file
  curl_easy_setopt(easy, CURLOPT_CAINFO, server_.ca_file.c_str());
}

bool Submission::set_envelope() {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, envelope_.from.c_str());
  for (const auto& address : envelope_.to) {
    auto* const longer = curl_slist_append(recipients_.get(), address.c_str());
    if (longer == nullptr) return false;
    static_cast<void>(recipients_.release());
    recipients_.reset(longer);
  }
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients_.get());
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);  // one bad address does not cost the others theirs
  return true;
}

CURLcode Submission::perform(const std::stop_token& stop) {
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
  const std::stop_callback on_stop{stop, [this] {
                                     socket_.cut();
                                     curl_multi_wakeup(multi_.get());
                                   }};
  while (!stop.stop_requested()) {
    int running = 0;
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
    int queued = 0;
    if (const auto* const done = curl_multi_info_read(multi_.get(), &queued); done && done->msg == CURLMSG_DONE)
      return done->data.result;
    curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr);
  }
  return CURLE_ABORTED_BY_CALLBACK;
}

// The connection ends with a QUIT that no answer is awaited to: libcurl would wait two minutes.
void Submission::leave() {
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &fd);
  if (fd != CURL_SOCKET_BAD) ::shutdown(fd, SHUT_RD);
  curl_multi_remove_handle(multi_.get(), easy_.get());
  multi_.reset();
}

std::string Submission::problem_of(CURLcode code) const {
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return fmt::format("{}: no {} within {}", server_.url, dialogue_.last().code == 0 ? "greeting" : "answer",
                       format_duration(server_.timeout));
  }
  long system_error = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
  if (code == CURLE_COULDNT_CONNECT && system_error != 0)
    return fmt::format("{}: {}", server_.url, std::system_category().message(static_cast<int>(system_error)));
  const std::string_view said{error_.data(), ::strnlen(error_.data(), error_.size())};
  return fmt::format("{}: {}", server_.url, said.empty() ? std::string_view{curl_easy_strerror(code)} : said);
}

std::size_t Submission::read(char* out, std::size_t size, std::size_t count, void* self) noexcept {
  auto& left = static_cast<Submission*>(self)->left_;
  const auto taken = left.copy(out, size * count);
  left.remove_prefix(taken);
  return taken;
}

int Submission::listen(CURL* easy, curl_infotype type, char* data, std::size_t size, void* self) noexcept {
  auto& dialogue = static_cast<Submission*>(self)->dialogue_;
  const std::string_view line{data, size};
  if (type == CURLINFO_HEADER_OUT) dialogue.we_said(line);
  if (type == CURLINFO_HEADER_IN && dialogue.they_said(line))
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, kPatienceAfterRefusal);
  return 0;
}

curl_socket_t Submission::open(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd >= 0) static_cast<Submission*>(self)->socket_.opened(fd);
  return fd;
}

int Submission::close(void* self, curl_socket_t fd) noexcept {
  static_cast<Submission*>(self)->socket_.closing(fd);
  return ::close(fd);
}

}  // namespace

MailOutcome submit_mail(const MailServer& server, const MailEnvelope& envelope, std::string_view message,
                        const std::stop_token& stop) {
  set_up_libcurl();
  return Submission{server, envelope, message}.run(stop);
}

}  // namespace yagura::net
