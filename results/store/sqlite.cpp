// SPDX-License-Identifier: MIT
#include "results/store/sqlite.h"

#include <fmt/format.h>

#include <sqlite3.h>
#include <cerrno>

#include "harness/core/error.h"
#include "harness/core/streams.h"

namespace segbench::store {
namespace {

std::string advice(int code) {
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "; the file is damaged: `segbench import --rebuild` makes a new one from the trials' "
             "logs";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "; another process is writing to it";
    case SQLITE_FULL:
      return "; there is no space left";
    case SQLITE_CANTOPEN:
      return "; is the folder there, and may it be written?";
    default:
      return "";
  }
}

/// ": File too large (…)" where the system's refusal is known; such is a limit, no damage.
std::string system_cause(sqlite3* handle, int code) {
  const int kind = code & 0xFF;
  if (handle == nullptr || (kind != SQLITE_IOERR && kind != SQLITE_CANTOPEN && kind != SQLITE_FULL))
    return "";
  const int error = sqlite3_system_errno(handle);
  return error == 0 || error == ENOENT ? "" : ": " + core::system_message(error);
}

}  // namespace

std::string sqlite_version() {
  return sqlite3_libversion();
}

Connection::Connection(const std::filesystem::path& file, Mode mode, std::chrono::milliseconds patience)
    : file_(file) {
  const int flags =
      mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (sqlite3_open_v2(file.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
    const int code = handle_ == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(handle_);
    const std::string cause = system_cause(handle_, code);
    sqlite3_close(handle_);
    throw core::UserError(fmt::format("{}: cannot be opened: {}{}{}", file.string(), sqlite3_errstr(code),
                                      cause, cause.empty() ? advice(code) : ""),
                          core::kTrialFailed);
  }
  sqlite3_busy_timeout(handle_, static_cast<int>(patience.count()));
}

Connection::~Connection() {
  sqlite3_close(handle_);
}

void Connection::fail() const {
  const int code = sqlite3_extended_errcode(handle_);
  const std::string cause = system_cause(handle_, code);
  throw core::UserError(fmt::format("{}: {}{}{}", file_.string(), sqlite3_errmsg(handle_), cause,
                                    cause.empty() ? advice(code) : ""),
                        core::kTrialFailed);
}

void Connection::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Connection::integer(const std::string& sql) {
  Statement statement(*this, sql);
  SEGBENCH_CHECK(statement.step(), "\"{}\" returned nothing", sql);
  return statement.integer(0);
}

std::int64_t Connection::changes() const {
  return sqlite3_changes(handle_);
}

Statement::Statement(const Connection& connection, std::string_view sql) : connection_(connection) {
  check(sqlite3_prepare_v2(connection.handle(), sql.data(), static_cast<int>(sql.size()), &statement_,
                           nullptr));
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) connection_.fail();
}

void Statement::reset() {
  sqlite3_reset(statement_);
}

bool Statement::step() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      connection_.fail();
  }
}

void Statement::set(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, index, value));
}
void Statement::set(int index, double value) {
  check(sqlite3_bind_double(statement_, index, value));
}
void Statement::set_null(int index) {
  check(sqlite3_bind_null(statement_, index));
}
void Statement::set(int index, std::string_view value) {
  const char* text = value.data() == nullptr ? "" : value.data();  // a null pointer would bind NULL
  check(sqlite3_bind_text64(statement_, index, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

std::string_view Statement::view(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}
std::optional<double> Statement::optional_real(int column) const {
  return is_null(column) ? std::nullopt : std::optional(real(column));
}
std::optional<std::string> Statement::optional_text(int column) const {
  return is_null(column) ? std::nullopt : std::optional(text(column));
}

Transaction::Transaction(Connection& connection) : connection_(&connection) {
  connection.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (connection_ != nullptr) sqlite3_exec(connection_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  connection_->execute("COMMIT");
  connection_ = nullptr;
}

}  // namespace segbench::store
