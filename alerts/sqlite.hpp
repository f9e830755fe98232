// SQLite's C interface with owners and values instead of raw handles and out-parameters. One
// thread at a time per connection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace yagura::alerts::sqlite {

struct Failure {
  int code = 0;         // extended result code of SQLite
  std::string message;  // SQLite's words, with the cause the system gave when there is one
  [[nodiscard]] int primary() const { return code & 0xff; }
};

// A prepared statement. Text and blobs handed to bind() are copied.
class Statement {
 public:
  enum class Step : std::uint8_t { kRow, kDone };

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view text);
  Statement& bind_blob(int index, std::string_view bytes);
  Result<Step, Failure> step();
  // Runs a statement that gives no rows, and makes it ready for the next use. Gives the core away behind it.
  Result<void, Failure> run();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;  // or the bytes of a blob

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  Result<Step, Failure> failure() const;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

class Connection {
 public:
  // Whoever writes gives the core away between the pieces, see yielding_vfs.hpp.
  enum class Mode : std::uint8_t { kReadOnly, kReadWrite, kCreate };

  static Result<Connection, Failure> open(const std::filesystem::path& file, Mode mode);

  Result<void, Failure> run(const char* sql);  // one or more statements without parameters
  Result<Statement, Failure> prepare(std::string_view sql);
  // First column of the first row; nullopt when there is no row.
  Result<std::optional<std::int64_t>, Failure> integer(std::string_view sql);
  Result<std::optional<std::string>, Failure> text(std::string_view sql);
  [[nodiscard]] int changes() const;  // rows the last statement changed
  [[nodiscard]] bool in_transaction() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace yagura::alerts::sqlite
