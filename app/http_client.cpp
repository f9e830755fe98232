#include "app/http_client.hpp"

#include <charconv>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <simdjson.h>

namespace yagura::app {
namespace {

using boost::asio::ip::tcp;
constexpr auto kLimit = std::chrono::seconds{7};  // the console answers within 5
constexpr std::size_t kMaxAnswer = std::size_t{8} << 20;

}  // namespace

Result<HttpAnswer> http_request(const std::string& address, std::string_view method, std::string_view path,
                                std::string_view json, const std::string& token) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return Error{"'" + address + "' must be ADDR:PORT"};
  boost::asio::io_context io;
  tcp::resolver resolver{io};
  tcp::socket socket{io};
  boost::system::error_code failed;
  const auto places = resolver.resolve(address.substr(0, colon), address.substr(colon + 1), failed);
  if (failed) return Error{address + ": " + failed.message()};

  std::string request{method};
  request.append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(address).append("\r\nConnection: close\r\n");
  if (!token.empty()) request.append("Authorization: Bearer ").append(token).append("\r\n");
  if (!json.empty()) request.append("Content-Type: application/json\r\n");
  request.append("Content-Length: ").append(std::to_string(json.size())).append("\r\n\r\n").append(json);

  std::string answer;
  bool done = false;
  boost::system::error_code result;
  const auto finish = [&](const boost::system::error_code& error) {
    result = error;
    done = true;
  };
  boost::asio::async_connect(socket, places, [&](const boost::system::error_code& error, const tcp::endpoint&) {
    if (error) return finish(error);
    boost::asio::async_write(
        socket, boost::asio::buffer(request), [&](const boost::system::error_code& write_error, std::size_t) {
          if (write_error) return finish(write_error);
          boost::asio::async_read(
              socket, boost::asio::dynamic_buffer(answer, kMaxAnswer),
              [&](const boost::system::error_code& read_error, std::size_t) { finish(read_error); });
        });
  });
  io.run_for(kLimit);
  if (!done) return Error{address + ": no answer within 7 s"};
  if (result && result != boost::asio::error::eof)
    return Error{address + ": " + result.message() + "; is a monitor running there?"};

  HttpAnswer parsed;
  const auto head = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 ") || head == std::string::npos ||
      std::from_chars(answer.data() + 9, answer.data() + 12, parsed.status).ec != std::errc{}) {
    return Error{address + ": this is no console of Yagura"};
  }
  parsed.body = answer.substr(head + 4);
  return parsed;
}

std::string error_of(const HttpAnswer& answer) {
  simdjson::dom::parser parser;
  std::string_view text;
  if (parser.parse(answer.body)["error"].get(text) == simdjson::SUCCESS) return std::string(text);
  return "answered " + std::to_string(answer.status);
}

}  // namespace yagura::app
