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
constexpr auto kCodes = std::to_array<CodeRow>({
    {ErrorCode::Ok,                               "OK",                               ExitCode::Done},
    {ErrorCode::InternalError,                    "InternalError",                    ExitCode::Problems},
    {ErrorCode::BadValue,                         "BadValue",                         ExitCode::Problems},
    {ErrorCode::HostUnreachable,                  "HostUnreachable",                  ExitCode::NoServer},
    {ErrorCode::HostNotFound,                     "HostNotFound",                     ExitCode::NoServer},
    {ErrorCode::UnknownError,                     "UnknownError",                     ExitCode::Problems},
    {ErrorCode::FailedToParse,                    "FailedToParse",                    ExitCode::Problems},
    {ErrorCode::UserNotFound,                     "UserNotFound",                     ExitCode::Problems},
    {ErrorCode::UnsupportedFormat,                "UnsupportedFormat",                ExitCode::Problems},
    {ErrorCode::Unauthorized,                     "Unauthorized",                     ExitCode::NoServer},
    {ErrorCode::TypeMismatch,                     "TypeMismatch",                     ExitCode::Problems},
    {ErrorCode::Overflow,                         "Overflow",                         ExitCode::Problems},
    {ErrorCode::InvalidLength,                    "InvalidLength",                    ExitCode::Problems},
    {ErrorCode::ProtocolError,                    "ProtocolError",                    ExitCode::NoServer},
    {ErrorCode::AuthenticationFailed,             "AuthenticationFailed",             ExitCode::NoServer},
    {ErrorCode::IllegalOperation,                 "IllegalOperation",                 ExitCode::Problems},
    {ErrorCode::InvalidBson,                      "InvalidBSON",                      ExitCode::Problems},
    {ErrorCode::LockTimeout,                      "LockTimeout",                      ExitCode::Problems},
    {ErrorCode::NamespaceNotFound,                "NamespaceNotFound",                ExitCode::Problems},
    {ErrorCode::IndexNotFound,                    "IndexNotFound",                    ExitCode::Problems},
    {ErrorCode::PathNotViable,                    "PathNotViable",                    ExitCode::Problems},
    {ErrorCode::NonExistentPath,                  "NonExistentPath",                  ExitCode::Problems},
    {ErrorCode::RoleNotFound,                     "RoleNotFound",                     ExitCode::Problems},
    {ErrorCode::CannotBackfillArray,              "CannotBackfillArray",              ExitCode::Problems},
    {ErrorCode::ConflictingUpdateOperators,       "ConflictingUpdateOperators",       ExitCode::Problems},
    {ErrorCode::CursorNotFound,                   "CursorNotFound",                   ExitCode::Problems},
    {ErrorCode::NamespaceExists,                  "NamespaceExists",                  ExitCode::Problems},
    {ErrorCode::MaxTimeMSExpired,                 "MaxTimeMSExpired",                 ExitCode::Problems},
    {ErrorCode::DollarPrefixedFieldName,          "DollarPrefixedFieldName",          ExitCode::Problems},
    {ErrorCode::InvalidIdField,                   "InvalidIdField",                   ExitCode::Problems},
    {ErrorCode::NotSingleValueField,              "NotSingleValueField",              ExitCode::Problems},
    {ErrorCode::InvalidDbRef,                     "InvalidDBRef",                     ExitCode::Problems},
    {ErrorCode::EmptyFieldName,                   "EmptyFieldName",                   ExitCode::Problems},
    {ErrorCode::DottedFieldName,                  "DottedFieldName",                  ExitCode::Problems},
    {ErrorCode::CommandNotFound,                  "CommandNotFound",                  ExitCode::Problems},
    {ErrorCode::ImmutableField,                   "ImmutableField",                   ExitCode::Problems},
    {ErrorCode::CannotCreateIndex,                "CannotCreateIndex",                ExitCode::Problems},
    {ErrorCode::IndexAlreadyExists,               "IndexAlreadyExists",               ExitCode::Problems},
    {ErrorCode::InvalidOptions,                   "InvalidOptions",                   ExitCode::Problems},
    {ErrorCode::InvalidNamespace,                 "InvalidNamespace",                 ExitCode::Problems},
    {ErrorCode::IndexOptionsConflict,             "IndexOptionsConflict",             ExitCode::Problems},
    {ErrorCode::IndexKeySpecsConflict,            "IndexKeySpecsConflict",            ExitCode::Problems},
    {ErrorCode::NetworkTimeout,                   "NetworkTimeout",                   ExitCode::NoServer},
    {ErrorCode::OperationFailed,                  "OperationFailed",                  ExitCode::Problems},
    {ErrorCode::WriteConflict,                    "WriteConflict",                    ExitCode::Problems},
    {ErrorCode::CommandNotSupported,              "CommandNotSupported",              ExitCode::Problems},
    {ErrorCode::NamespaceNotSharded,              "NamespaceNotSharded",              ExitCode::Problems},
    {ErrorCode::DocumentValidationFailure,        "DocumentValidationFailure",        ExitCode::Problems},
    {ErrorCode::NotAReplicaSet,                   "NotAReplicaSet",                   ExitCode::Problems},
    {ErrorCode::CappedPositionLost,               "CappedPositionLost",               ExitCode::Problems},
    {ErrorCode::ExceededMemoryLimit,              "ExceededMemoryLimit",              ExitCode::Problems},
    {ErrorCode::ViewDepthLimitExceeded,           "ViewDepthLimitExceeded",           ExitCode::Problems},
    {ErrorCode::CommandNotSupportedOnView,        "CommandNotSupportedOnView",        ExitCode::Problems},
    {ErrorCode::OptionNotSupportedOnView,         "OptionNotSupportedOnView",         ExitCode::Problems},
    {ErrorCode::CannotIndexParallelArrays,        "CannotIndexParallelArrays",        ExitCode::Problems},
    {ErrorCode::QueryPlanKilled,                  "QueryPlanKilled",                  ExitCode::Problems},
    {ErrorCode::InvalidViewDefinition,            "InvalidViewDefinition",            ExitCode::Problems},
    {ErrorCode::InvalidIndexSpecificationOption,  "InvalidIndexSpecificationOption",  ExitCode::Problems},
    {ErrorCode::QueryFeatureNotAllowed,           "QueryFeatureNotAllowed",           ExitCode::Problems},
    {ErrorCode::CannotImplicitlyCreateCollection, "CannotImplicitlyCreateCollection", ExitCode::Problems},
    {ErrorCode::ConversionFailure,                "ConversionFailure",                ExitCode::Problems},
    {ErrorCode::NoSuchTransaction,                "NoSuchTransaction",                ExitCode::Problems},
    {ErrorCode::IndexBuildAborted,                "IndexBuildAborted",                ExitCode::Problems},
    {ErrorCode::BsonObjectTooLarge,               "BSONObjectTooLarge",               ExitCode::Problems},
    {ErrorCode::DuplicateKey,                     "DuplicateKey",                     ExitCode::Problems},
    {ErrorCode::InterruptedAtShutdown,            "InterruptedAtShutdown",            ExitCode::Problems},
    {ErrorCode::Interrupted,                      "Interrupted",                      ExitCode::Problems},
    {ErrorCode::OutOfDiskSpace,                   "OutOfDiskSpace",                   ExitCode::Problems},
    {ErrorCode::ClientMarkedKilled,               "ClientMarkedKilled",               ExitCode::Problems},
    {ErrorCode::UsageError,                       "UsageError",                       ExitCode::Usage},
    {ErrorCode::ProjectFileInvalid,               "ProjectFileInvalid",               ExitCode::Usage},
    {ErrorCode::ProjectNotFound,                  "ProjectNotFound",                  ExitCode::Usage},
    {ErrorCode::RefusedForSafety,                 "RefusedForSafety",                 ExitCode::Refused},
    {ErrorCode::RolledBack,                       "RolledBack",                       ExitCode::RolledBack},
    {ErrorCode::RollbackFailed,                   "RollbackFailed",                   ExitCode::NotRolledBack},
    {ErrorCode::DriftFound,                       "DriftFound",                       ExitCode::Problems},
    {ErrorCode::DataDirectoryInUse,               "DataDirectoryInUse",               ExitCode::NoServer},
    {ErrorCode::DataVersionMismatch,              "DataVersionMismatch",              ExitCode::NoServer},
    {ErrorCode::LockHeld,                         "LockHeld",                         ExitCode::Refused},
    {ErrorCode::AddressInUse,                     "AddressInUse",                     ExitCode::NoServer},
    {ErrorCode::ChecksumMismatch,                 "ChecksumMismatch",                 ExitCode::Refused},
    {ErrorCode::ServerStartFailed,                "ServerStartFailed",                ExitCode::NoServer},
    {ErrorCode::IoError,                          "IoError",                          ExitCode::Problems},
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
