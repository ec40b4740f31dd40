// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error_codes.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace plumb {
namespace {

struct CodeRow {
    ErrorCode code;
    std::string_view name;
    ExitCode exit;
};

// clang-format off
using Code = ErrorCode;
using Exit = ExitCode;
constexpr auto kCodes = std::to_array<CodeRow>({
    {Code::Ok,                              "OK",                             Exit::Done},
    {Code::InternalError,                   "InternalError",                  Exit::Problems},
    {Code::BadValue,                        "BadValue",                       Exit::Problems},
    {Code::HostUnreachable,                 "HostUnreachable",                Exit::NoServer},
    {Code::HostNotFound,                    "HostNotFound",                   Exit::NoServer},
    {Code::UnknownError,                    "UnknownError",                   Exit::Problems},
    {Code::FailedToParse,                   "FailedToParse",                  Exit::Problems},
    {Code::UserNotFound,                    "UserNotFound",                   Exit::Problems},
    {Code::UnsupportedFormat,               "UnsupportedFormat",              Exit::Problems},
    {Code::Unauthorized,                    "Unauthorized",                   Exit::NoServer},
    {Code::TypeMismatch,                    "TypeMismatch",                   Exit::Problems},
    {Code::Overflow,                        "Overflow",                       Exit::Problems},
    {Code::InvalidLength,                   "InvalidLength",                  Exit::Problems},
    {Code::ProtocolError,                   "ProtocolError",                  Exit::NoServer},
    {Code::AuthenticationFailed,            "AuthenticationFailed",           Exit::NoServer},
    {Code::IllegalOperation,                "IllegalOperation",               Exit::Problems},
    {Code::InvalidBson,                     "InvalidBSON",                    Exit::Problems},
    {Code::AlreadyInitialized,               "AlreadyInitialized",             Exit::Problems},
    {Code::LockTimeout,                     "LockTimeout",                    Exit::Problems},
    {Code::NamespaceNotFound,               "NamespaceNotFound",              Exit::Problems},
    {Code::IndexNotFound,                   "IndexNotFound",                  Exit::Problems},
    {Code::PathNotViable,                   "PathNotViable",                  Exit::Problems},
    {Code::NonExistentPath,                 "NonExistentPath",                Exit::Problems},
    {Code::RoleNotFound,                    "RoleNotFound",                   Exit::Problems},
    {Code::CannotBackfillArray,             "CannotBackfillArray",            Exit::Problems},
    {Code::ConflictingUpdateOperators,      "ConflictingUpdateOperators",     Exit::Problems},
    {Code::CursorNotFound,                  "CursorNotFound",                 Exit::Problems},
    {Code::NamespaceExists,                 "NamespaceExists",                Exit::Problems},
    {Code::MaxTimeMSExpired,                "MaxTimeMSExpired",               Exit::Problems},
    {Code::DollarPrefixedFieldName,         "DollarPrefixedFieldName",        Exit::Problems},
    {Code::InvalidIdField,                  "InvalidIdField",                 Exit::Problems},
    {Code::NotSingleValueField,             "NotSingleValueField",            Exit::Problems},
    {Code::InvalidDbRef,                    "InvalidDBRef",                   Exit::Problems},
    {Code::EmptyFieldName,                  "EmptyFieldName",                 Exit::Problems},
    {Code::DottedFieldName,                 "DottedFieldName",                Exit::Problems},
    {Code::CommandNotFound,                 "CommandNotFound",                Exit::Problems},
    {Code::ImmutableField,                  "ImmutableField",                 Exit::Problems},
    {Code::CannotCreateIndex,               "CannotCreateIndex",              Exit::Problems},
    {Code::IndexAlreadyExists,              "IndexAlreadyExists",             Exit::Problems},
    {Code::InvalidOptions,                  "InvalidOptions",                 Exit::Problems},
    {Code::InvalidNamespace,                "InvalidNamespace",               Exit::Problems},
    {Code::NoReplicationEnabled,             "NoReplicationEnabled",           Exit::Problems},
    {Code::UnknownReplWriteConcern,          "UnknownReplWriteConcern",        Exit::Problems},
    {Code::IndexOptionsConflict,            "IndexOptionsConflict",           Exit::Problems},
    {Code::IndexKeySpecsConflict,           "IndexKeySpecsConflict",          Exit::Problems},
    {Code::NetworkTimeout,                  "NetworkTimeout",                 Exit::NoServer},
    {Code::OperationFailed,                 "OperationFailed",                Exit::Problems},
    {Code::UnsatisfiableWriteConcern,        "UnsatisfiableWriteConcern",      Exit::Problems},
    {Code::WriteConflict,                   "WriteConflict",                  Exit::Problems},
    {Code::CommandNotSupported,             "CommandNotSupported",            Exit::Problems},
    {Code::NamespaceNotSharded,             "NamespaceNotSharded",            Exit::Problems},
    {Code::DocumentValidationFailure,       "DocumentValidationFailure",      Exit::Problems},
    {Code::NotAReplicaSet,                  "NotAReplicaSet",                 Exit::Problems},
    {Code::CappedPositionLost,              "CappedPositionLost",             Exit::Problems},
    {Code::ExceededMemoryLimit,             "ExceededMemoryLimit",            Exit::Problems},
    {Code::ViewDepthLimitExceeded,          "ViewDepthLimitExceeded",         Exit::Problems},
    {Code::CommandNotSupportedOnView,       "CommandNotSupportedOnView",      Exit::Problems},
    {Code::OptionNotSupportedOnView,        "OptionNotSupportedOnView",       Exit::Problems},
    {Code::CannotIndexParallelArrays,       "CannotIndexParallelArrays",      Exit::Problems},
    {Code::QueryPlanKilled,                 "QueryPlanKilled",                Exit::Problems},
    {Code::InvalidViewDefinition,           "InvalidViewDefinition",          Exit::Problems},
    {Code::InvalidIndexSpecificationOption, "InvalidIndexSpecificationOption", Exit::Problems},
    {Code::QueryFeatureNotAllowed,          "QueryFeatureNotAllowed",         Exit::Problems},
    {Code::TransactionTooOld,                "TransactionTooOld",              Exit::Problems},
    {Code::CannotImplicitlyCreateCollection, "CannotImplicitlyCreateCollection", Exit::Problems},
    {Code::ConversionFailure,               "ConversionFailure",              Exit::Problems},
    {Code::SnapshotUnavailable,              "SnapshotUnavailable",            Exit::Problems},
    {Code::NoSuchTransaction,               "NoSuchTransaction",              Exit::Problems},
    {Code::TransactionCommitted,             "TransactionCommitted",           Exit::Problems},
    {Code::TooManyLogicalSessions,           "TooManyLogicalSessions",         Exit::Problems},
    {Code::OperationNotSupportedInTransaction,"OperationNotSupportedInTransaction", Exit::Problems},
    {Code::IndexBuildAborted,               "IndexBuildAborted",              Exit::Problems},
    {Code::BsonObjectTooLarge,              "BSONObjectTooLarge",             Exit::Problems},
    {Code::CannotGrowDocumentInCappedNamespace,
                                            "CannotGrowDocumentInCappedNamespace", Exit::Problems},
    {Code::DuplicateKey,                    "DuplicateKey",                   Exit::Problems},
    {Code::InterruptedAtShutdown,           "InterruptedAtShutdown",          Exit::Problems},
    {Code::Interrupted,                     "Interrupted",                    Exit::Problems},
    {Code::OutOfDiskSpace,                  "OutOfDiskSpace",                 Exit::Problems},
    {Code::ClientMarkedKilled,              "ClientMarkedKilled",             Exit::Problems},
    {Code::UsageError,                      "UsageError",                     Exit::Usage},
    {Code::ProjectFileInvalid,              "ProjectFileInvalid",             Exit::Usage},
    {Code::ProjectNotFound,                 "ProjectNotFound",                Exit::Usage},
    {Code::RefusedForSafety,                "RefusedForSafety",               Exit::Refused},
    {Code::RolledBack,                      "RolledBack",                     Exit::RolledBack},
    {Code::RollbackFailed,                  "RollbackFailed",                 Exit::NotRolledBack},
    {Code::DriftFound,                      "DriftFound",                     Exit::Problems},
    {Code::DataDirectoryInUse,              "DataDirectoryInUse",             Exit::NoServer},
    {Code::DataVersionMismatch,             "DataVersionMismatch",            Exit::NoServer},
    {Code::LockHeld,                        "LockHeld",                       Exit::Refused},
    {Code::AddressInUse,                    "AddressInUse",                   Exit::NoServer},
    {Code::ChecksumMismatch,                "ChecksumMismatch",               Exit::Refused},
    {Code::ServerStartFailed,               "ServerStartFailed",              Exit::NoServer},
    {Code::IoError,                         "IoError",                        Exit::Problems},
});
// clang-format on

const CodeRow* find_row(ErrorCode code) {
    const auto row = std::find_if(
        kCodes.begin(), kCodes.end(), [code](const CodeRow& each) { return each.code == code; });
    return row == kCodes.end() ? nullptr : &*row;
}

}  // namespace

std::string error_code_name(ErrorCode code) {
    if (const CodeRow* row = find_row(code)) {
        return std::string{row->name};
    }
    return "Location" + std::to_string(static_cast<std::int32_t>(code));
}

ExitCode exit_code_for(ErrorCode code) {
    const CodeRow* row = find_row(code);
    return row == nullptr ? ExitCode::Problems : row->exit;
}

}  // namespace plumb
