//! The documented error codes of Tencent Cloud API 3.0, and what each means for us.
//!
//! Sources: the error tables on the pages of the single actions (CFS 2019-07-19, CBS 2017-03-12, TcaplusDB 2019-08-23) and
//! the list of common codes (<https://www.tencentcloud.com/document/api/213/33281>). The full code decides, then the
//! part before the first dot. The HTTP status says nothing: errors come with 200.

use crate::cloud::error::ErrorClass;

/// Returns the class of `code` as an answer of `action` of `service`.
pub(crate) fn classify(service: &str, action: &str, code: &str) -> ErrorClass {
    if let Some(class) = missing(service, action, code) {
        return class;
    }
    match (service, code) {
        (
            _,
            "RequestLimitExceeded"
            | "RequestLimitExceeded.UinLimitExceeded"
            | "RequestLimitExceeded.IPLimitExceeded"
            | "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
        ) => ErrorClass::Throttled,
        (
            "cbs",
            "InvalidDisk.Busy"
            | "ResourceBusy"
            | "ResourceInUse"
            | "ResourceInUse.DiskRollbacking"
            | "ResourceUnavailable.SnapshotCreating"
            | "ResourceUnavailable.DiskBackupCreating"
            | "ResourceUnavailable.TooManyCreatingSnapshot"
            | "TradeDealConflict",
        )
        | ("cfs", "InvalidParameterValue.InvalidFsStatus" | "InvalidParameterValue.InvalidSnapshotStatus") => {
            ErrorClass::Busy
        }
        ("cfs", "InvalidParameterValue.FsSizeLimitExceeded" | "ResourceInsufficient.TagQuotasExceeded") => {
            ErrorClass::Quota
        }
        (_, "UnsupportedOperation.OutOfService" | "UnsupportedOperation.UnverifiedUser")
        | (_, "UnsupportedOperation.UnauthorizedCfsQcsRole" | "InvalidAccount.InsufficientBalance") => {
            ErrorClass::Denied
        }
        ("cbs", "ResourceUnavailable.NotSupported" | "ResourceUnavailable.NotSupportSnapshot") => {
            ErrorClass::Invalid
        }
        ("cbs", "ResourceUnavailable.Expire" | "ResourceUnavailable.Attached") => ErrorClass::Conflict,
        _ => by_family(code),
    }
}

/// Says "does not exist" only for the codes that an action documents for the object it is about or for its parent.
fn missing(service: &str, action: &str, code: &str) -> Option<ErrorClass> {
    let documented = match (service, action) {
        ("cfs", "CreateCfsSnapshot") => {
            matches!(code, "ResourceNotFound" | "ResourceNotFound.FileSystemNotFound")
        }
        ("cfs", "UpdateCfsSnapshotAttribute" | "DescribeCfsSnapshots" | "DeleteCfsSnapshot") => {
            code == "ResourceNotFound.SnapshotNotFound"
        }
        ("cbs", "CreateDiskBackup") => matches!(code, "InvalidDiskId.NotFound" | "ResourceNotFound.NotFound"),
        ("cbs", "DeleteDiskBackups") => matches!(code, "ResourceNotFound" | "ResourceNotFound.NotFound"),
        ("tcaplusdb", _) => code == "ResourceNotFound",
        _ => false,
    };
    documented.then_some(ErrorClass::Missing)
}

fn by_family(code: &str) -> ErrorClass {
    match code.split('.').next().unwrap_or(code) {
        "InternalError" | "FailedOperation" | "ServiceUnavailable" => ErrorClass::Ambiguous,
        "AuthFailure"
        | "UnauthorizedOperation"
        | "IpInBlacklist"
        | "IpNotInWhitelist"
        | "OperationDenied" => ErrorClass::Denied,
        "LimitExceeded" | "ResourceInsufficient" => ErrorClass::Quota,
        "ResourceInUse" => ErrorClass::Conflict,
        "InvalidParameter"
        | "InvalidParameterValue"
        | "MissingParameter"
        | "UnknownParameter"
        | "InvalidRequest"
        | "InvalidAction"
        | "InvalidFilter"
        | "InvalidDisk"
        | "UnsupportedOperation"
        | "UnsupportedProtocol"
        | "UnsupportedRegion"
        | "NoSuchProduct"
        | "NoSuchVersion"
        | "ActionOffline"
        | "RequestSizeLimitExceeded" => ErrorClass::Invalid,
        _ => ErrorClass::Unexpected,
    }
}

/// Returns what a user can do about `code`, where the documents tell.
pub(crate) fn remedy(code: &str) -> Option<&'static str> {
    Some(match code {
        "AuthFailure.SecretIdNotFound" | "AuthFailure.InvalidSecretId" | "AuthFailure.SignatureFailure" => {
            "Check secret_id and secret_key of the provider, or TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY."
        }
        "AuthFailure.TokenFailure" => {
            "The session token does not belong to the key or has expired: renew the temporary credentials."
        }
        "AuthFailure.SignatureExpire" => "Set this machine's clock: it is more than five minutes off.",
        "AuthFailure.UnauthorizedOperation" | "UnauthorizedOperation" => {
            "Grant the access policy for this action to the user of the key."
        }
        "ResourceInsufficient.OverQuota" => {
            "Raise the disk's backup point quota (ModifyDiskBackupQuota) or remove a backup point of this disk."
        }
        "InvalidDiskId.NotFound" => "Check disk_id, and that the provider's region is that of the disk.",
        "ResourceNotFound.FileSystemNotFound" => {
            "Check file_system_id, and that the provider's region is that of the file system."
        }
        "UnsupportedOperation.OutOfService" => "The account is in arrears: settle it in the console.",
        "UnsupportedOperation.UnauthorizedCfsQcsRole" => "Authorise the CFS service role in the console.",
        "UnsupportedRegion" => "Set the provider's region to one that offers this product.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_class_that_their_page_gives_them() {
        use ErrorClass::*;
        for (service, action, code, class) in [
            ("cfs", "CreateCfsSnapshot", "RequestLimitExceeded", Throttled),
            ("cfs", "CreateCfsSnapshot", "InternalError", Ambiguous),
            ("cfs", "CreateCfsSnapshot", "InternalError.GetAccountStatusFailed", Ambiguous),
            ("cfs", "CreateCfsSnapshot", "ResourceNotFound.FileSystemNotFound", Missing),
            ("cfs", "DeleteCfsSnapshot", "ResourceNotFound.SnapshotNotFound", Missing),
            ("cfs", "DeleteCfsSnapshot", "ResourceNotFound.FileSystemNotFound", Unexpected),
            ("cfs", "DeleteCfsSnapshot", "InvalidParameterValue.InvalidSnapshotStatus", Busy),
            ("cfs", "CreateCfsSnapshot", "InvalidParameterValue.InvalidTagKey", Invalid),
            ("cfs", "CreateCfsSnapshot", "ResourceInsufficient.TagLimitExceeded", Quota),
            ("cbs", "CreateDiskBackup", "InvalidDiskId.NotFound", Missing),
            ("cbs", "CreateDiskBackup", "InvalidDisk.Busy", Busy),
            ("cbs", "CreateDiskBackup", "ResourceUnavailable.NotSupported", Invalid),
            ("cbs", "CreateDiskBackup", "ResourceUnavailable.SnapshotCreating", Busy),
            ("cbs", "CreateDiskBackup", "ResourceInsufficient.OverQuota", Quota),
            ("cbs", "DeleteDiskBackups", "ResourceNotFound.NotFound", Missing),
            ("cbs", "DescribeDisks", "ResourceNotFound", Unexpected),
            ("tcaplusdb", "DeleteSnapshots", "ResourceNotFound", Missing),
            ("tcaplusdb", "CreateSnapshots", "LimitExceeded", Quota),
            ("tcaplusdb", "CreateSnapshots", "FailedOperation", Ambiguous),
            ("tag", "ModifyResourceTags", "AuthFailure.UnauthorizedOperation", Denied),
            ("cfs", "CreateCfsSnapshot", "UnsupportedOperation.OutOfService", Denied),
            ("cfs", "CreateCfsSnapshot", "NeverSeen.Before", Unexpected),
        ] {
            assert_eq!(classify(service, action, code), class, "{service} {action} {code}");
        }
    }
}
