#include "feeds/curl_loop.hpp"

#include <cassert>
#include <exception>
#include <new>
#include <utility>

#include "feeds/curl_transfer.hpp"

namespace yagura::feeds {

namespace asio = boost::asio;
using boost::system::error_code;

// A socket of libcurl's, which opens and closes it; asio only waits for it.
struct CurlLoop::Watch {
  explicit Watch(asio::io_context& io, curl_socket_t its_socket) : socket(its_socket), waits(io, its_socket) {}
  curl_socket_t socket;
  asio::posix::stream_descriptor waits;
  int wanted = 0;  // CURL_POLL_IN, _OUT or both
  int waited_for = 0;
};

CurlLoop::CurlLoop(asio::io_context& io) : io_(io), timer_(io) {
  multi_ = net::curl_is_ready() ? curl_multi_init() : nullptr;
  if (multi_ == nullptr) throw std::bad_alloc{};
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

CurlLoop::~CurlLoop() {
  discarded_.clear();
  curl_multi_cleanup(multi_);
  for (auto& [socket, watch] : watches_) watch->waits.release();
}

bool CurlLoop::start(CurlTransfer& transfer) {
  assert(!inside_);
  return curl_multi_add_handle(multi_, transfer.handle()) == CURLM_OK;
}

void CurlLoop::discard(std::unique_ptr<CurlTransfer> transfer) {
  if (inside_) return discarded_.push_back(std::move(transfer));
  curl_multi_remove_handle(multi_, transfer->handle());
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  try {
    static_cast<CurlLoop*>(self)->watch(socket, what);
    return 0;
  } catch (const std::exception&) {
    return -1;  // libcurl gives the transfer up
  }
}

int CurlLoop::on_timer(CURLM*, long wait_ms, void* self) {
  auto& loop = *static_cast<CurlLoop*>(self);
  loop.timer_.cancel();
  if (wait_ms < 0) return 0;
  loop.timer_.expires_after(std::chrono::milliseconds{wait_ms});
  loop.timer_.async_wait([weak = loop.weak_from_this()](const error_code& error) {
    const auto alive = weak.lock();
    if (alive && !error) alive->act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void CurlLoop::watch(curl_socket_t socket, int what) {
  auto& watch = watches_[socket];
  if (what == CURL_POLL_REMOVE) {
    if (watch) watch->waits.release();  // the waits end; the socket is libcurl's to close
    watches_.erase(socket);
    return;
  }
  if (!watch) watch = std::make_shared<Watch>(io_, socket);
  watch->wanted = what;
  wait_for(watch);
}

void CurlLoop::wait_for(const std::shared_ptr<Watch>& watch) {
  using asio::posix::descriptor_base;
  for (const auto& [direction, kind] :
       {std::pair{CURL_POLL_IN, descriptor_base::wait_read}, std::pair{CURL_POLL_OUT, descriptor_base::wait_write}}) {
    if ((watch->wanted & direction) == 0 || (watch->waited_for & direction) != 0) continue;
    watch->waited_for |= direction;
    watch->waits.async_wait(kind, [weak = weak_from_this(), watch, way = direction](const error_code& error) {
      if (const auto alive = weak.lock()) alive->ready(watch, way, static_cast<bool>(error));
    });
  }
}

void CurlLoop::ready(const std::shared_ptr<Watch>& watch, int direction, bool failed) {
  watch->waited_for &= ~direction;
  if (!watch->waits.is_open()) return;  // libcurl has closed it
  if ((watch->wanted & direction) == 0) return;
  act(watch->socket, failed ? CURL_CSELECT_ERR : (direction == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT));
  if (watch->waits.is_open() && !failed) wait_for(watch);
}

void CurlLoop::act(curl_socket_t socket, int events) {
  int running = 0;
  inside_ = true;
  curl_multi_socket_action(multi_, socket, events, &running);
  inside_ = false;
  for (auto& transfer : std::exchange(discarded_, {})) discard(std::move(transfer));
  tell_the_ended();
}

void CurlLoop::tell_the_ended() {
  int left = 0;
  while (CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    CURL* const handle = message->easy_handle;  // the message is gone with the next line
    curl_multi_remove_handle(multi_, handle);
    void* transfer = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &transfer);
    static_cast<CurlTransfer*>(transfer)->on_end(code);
  }
}

}  // namespace yagura::feeds
