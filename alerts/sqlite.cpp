#include "alerts/sqlite.hpp"

#include <sqlite3.h>

#include <cstring>

#include "alerts/yielding_vfs.hpp"
#include "core/give_way.hpp"

namespace yagura::alerts::sqlite {
namespace {

Failure failure_of(sqlite3* handle) {
  Failure failure{sqlite3_extended_errcode(handle), sqlite3_errmsg(handle)};
  const bool from_system = failure.primary() == SQLITE_IOERR || failure.primary() == SQLITE_CANTOPEN;
  if (const int cause = sqlite3_system_errno(handle); from_system && cause != 0) {
    failure.message += std::string{" ("} + std::strerror(cause) + ")";
  }
  return failure;
}

int flags_of(Connection::Mode mode) {
  switch (mode) {
    case Connection::Mode::kReadOnly: return SQLITE_OPEN_READONLY;
    case Connection::Mode::kReadWrite: return SQLITE_OPEN_READWRITE;
    case Connection::Mode::kCreate: return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return SQLITE_OPEN_READONLY;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
void Connection::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

// A failed bind (out of memory, too long) leaves NULL, which the schema's NOT NULL then refuses.
Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), index, value);
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  const char* data = text.data() ? text.data() : "";
  sqlite3_bind_text64(handle_.get(), index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes) {
  const char* data = bytes.data() ? bytes.data() : "";
  sqlite3_bind_blob64(handle_.get(), index, data, bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

Result<Statement::Step, Failure> Statement::failure() const { return failure_of(sqlite3_db_handle(handle_.get())); }

Result<Statement::Step, Failure> Statement::step() {
  switch (sqlite3_step(handle_.get())) {
    case SQLITE_ROW: return Step::kRow;
    case SQLITE_DONE: return Step::kDone;
    default: return failure();
  }
}

Result<void, Failure> Statement::run() {
  auto outcome = step();
  reset();
  give_way();
  if (!outcome) return outcome.error();
  return {};
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return bytes ? std::string{bytes, static_cast<std::size_t>(size)} : std::string{};
}

Result<Connection, Failure> Connection::open(const std::filesystem::path& file, Mode mode) {
  sqlite3* handle = nullptr;
  const int flags = flags_of(mode) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, mode == Mode::kReadOnly ? nullptr : yielding_vfs());
  Connection connection{handle};
  if (code != SQLITE_OK) return handle ? failure_of(handle) : Failure{code, sqlite3_errstr(code)};
  // 2 s: readers hold no lock that a writer waits for but during recovery, which is short.
  sqlite3_busy_timeout(handle, 2000);
  // A file made to do harm gets fewer ways: no schema tricks, no writes to SQLite's own tables.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return connection;
}

Result<void, Failure> Connection::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure_of(handle_.get());
  return {};
}

Result<Statement, Failure> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK) {
    return failure_of(handle_.get());
  }
  return Statement{statement};
}

Result<std::optional<std::int64_t>, Failure> Connection::integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto step = statement->step();
  if (!step) return step.error();
  if (*step == Statement::Step::kDone) return std::optional<std::int64_t>{};
  return std::optional{statement->integer(0)};
}

Result<std::optional<std::string>, Failure> Connection::text(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto step = statement->step();
  if (!step) return step.error();
  if (*step == Statement::Step::kDone) return std::optional<std::string>{};
  return std::optional{statement->text(0)};
}

int Connection::changes() const { return sqlite3_changes(handle_.get()); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

}  // namespace yagura::alerts::sqlite
