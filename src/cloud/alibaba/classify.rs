//! The documented error codes of Alibaba Cloud ECS (2014-05-26) and ECD (2020-09-30), and what each means for us.
//!
//! Sources: the error tables on the pages of the single ECS actions and the common codes
//! (<https://www.alibabacloud.com/help/en/ecs/developer-reference/common-error-codes>). A 404 alone means nothing here: a
//! malformed description and an unknown access key are 404 too, so only the code decides.

use crate::cloud::error::ErrorClass;

/// Returns the class of `code`, answered with `status`, for `action`.
pub(crate) fn classify(action: &str, code: &str, status: u16) -> ErrorClass {
    if code == "Throttling" || code.starts_with("Throttling.") || code == "Rejected.Throttling" {
        return ErrorClass::Throttled;
    }
    if is_missing(action, code) {
        return ErrorClass::Missing;
    }
    match code {
        "IncorrectDiskStatus.CreatingSnapshot"
        | "DISK_HAS_CREATING_SNAPSHOT"
        | "QuotaExceed.ConcurrentSnapshotQuota"
        | "IncorrectDiskStatus.TooManyCreatingSnapshots"
        | "IncorrectDiskStatus.Transferring"
        | "IdempotentProcessing"
        | "Operation.Conflict"
        | "OperationConflict"
        | "InvalidOperation.RelatedSnapshotNotFinished"
        | "InvalidSnapshotId.NotReady"
        // A desktop that starts, stops or is being snapshotted; all of that passes.
        | "IncorrectDesktopStatus" => ErrorClass::Busy,
        // A nonce that was seen before may mean that the first copy of this very request was executed.
        "SignatureNonceUsed"
        | "InternalError"
        | "ServiceUnavailable"
        | "UnknownError"
        | "CreateSnapshot.Failed" => ErrorClass::Ambiguous,
        "QuotaExceed.Snapshot"
        | "QuotaExceed.SnapshotQuota"
        | "QuotaExceed.Tags"
        | "OperationDenied.QuotaExceed" => ErrorClass::Quota,
        "IdempotentParameterMismatch"
        | "InstanceLockedForSecurity"
        | "HibernationConfigured.InstanceOperationForbidden"
        | "SnapshotCreatedImage"
        | "SnapshotCreatedDisk"
        | "IncorrectDiskStatus"
        | "IncorrectInstanceStatus"
        | "IncorrectVolumeStatus" => ErrorClass::Conflict,
        "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "InvalidAccessKeySecret"
        | "InvalidTimeStamp.Expired"
        | "InvalidTimeStamp.Format"
        | "IllegalTimestamp"
        | "MissingSecurityToken"
        | "InvalidAction.Unauthorized"
        | "DiskInArrears"
        | "UserNotInTheWhiteList"
        | "InvalidParameter.KMSKeyId.CMKUnauthorized"
        | "InvalidParameter.KMSKeyId.CMKNotEnabled"
        | "InvalidParameter.KMSKeyId.KMSUnauthorized"
        | "InvalidParameter.UnauthorizedStorageLocationArn" => ErrorClass::Denied,
        _ => by_family(code, status),
    }
}

/// Says "does not exist" only for the codes that an action documents for the object it is about or for its parent.
fn is_missing(action: &str, code: &str) -> bool {
    match action {
        "CreateSnapshot" => matches!(
            code,
            "InvalidDiskId.NotFound"
                | "InvalidDesktopId.NotFound"
                | "InvalidInstanceId.NotFound"
                | "InvalidVolumeId.NotFound"
                | "InvalidResourceGroup.NotFound"
        ),
        "ModifySnapshotAttribute" | "DeleteSnapshot" => {
            matches!(code, "InvalidSnapshotId.NotFound" | "InvalidResource.NotFound")
        }
        "TagResources" | "UntagResources" | "ListTagResources" => code == "InvalidResourceId.NotFound",
        _ => false,
    }
}

fn by_family(code: &str, status: u16) -> ErrorClass {
    match code.split('.').next().unwrap_or(code) {
        "Forbidden"
        | "InvalidAccessKeyId"
        | "InvalidSecurityToken"
        | "InvalidAccountStatus"
        | "NoPermission"
        | "NoPermissionKey"
        | "PermissionDenied"
        | "Unauthorized" => ErrorClass::Denied,
        "IncorrectDiskStatus" | "InvalidOperation" => ErrorClass::Conflict,
        "QuotaExceed" => ErrorClass::Quota,
        "Duplicate"
        | "TagKey"
        | "NumberExceed"
        | "CapacityExceed"
        | "NoAttributeToModify"
        | "DiskCategory"
        | "DiskId"
        | "IncorrectDiskType"
        | "NoSuchVersion"
        | "UnsupportedHTTPMethod"
        | "CloudBoxNotSupportSnapshotWithInstantAccess"
        | "DryRunOperation" => ErrorClass::Invalid,
        family if family.starts_with("Invalid") || family.starts_with("Missing") => ErrorClass::Invalid,
        _ if status >= 500 => ErrorClass::Ambiguous,
        _ => ErrorClass::Unexpected,
    }
}

/// Returns what a user can do about `code`, where the documents tell.
pub(crate) fn remedy(code: &str) -> Option<&'static str> {
    Some(match code {
        "InvalidAccessKeyId.NotFound" | "InvalidAccessKeyId.Inactive" | "SignatureDoesNotMatch" => {
            "Check access_key and secret_key of the provider, or ALIBABA_CLOUD_ACCESS_KEY_ID and \
             ALIBABA_CLOUD_ACCESS_KEY_SECRET."
        }
        "InvalidTimeStamp.Expired" => "Set this machine's clock: it is more than fifteen minutes off.",
        "Forbidden.RAM" | "Forbidden" | "NoPermission" => {
            "Grant the RAM policy for this action to the user of the access key."
        }
        "QuotaExceed.Snapshot" => "Remove a snapshot of this disk, or raise the quota in the Quota Center.",
        "InvalidDiskId.NotFound" => "Check disk_id, and that the provider's region is that of the disk.",
        "InvalidDesktopId.NotFound" => {
            "Check desktop_id, and that the provider's region is that of the desktop."
        }
        "SnapshotCreatedImage" => "Delete the custom image that was made from this snapshot first.",
        "SnapshotCreatedDisk" => {
            "Disks were made from this snapshot: set force = true to delete it all the same. Those disks can then no \
             longer be re-initialised."
        }
        "IncorrectDiskStatus.NeverAttached" | "IncorrectDiskStatus.NeverUsed" => {
            "Attach the disk to an instance once; a disk that was never used has nothing to snapshot."
        }
        "InvalidAccountStatus.SnapshotServiceUnavailable" => {
            "Activate the snapshot service in the ECS console."
        }
        "InvalidAccountStatus.NotEnoughBalance" | "DiskInArrears" => "Settle the account in the console.",
        "InvalidOperation.DecreaseRetentionDaysUnsupported" => {
            "The service only extends retention: give a larger retention_days, or replace the snapshot."
        }
        "InvalidProduct.NotFound" => {
            "Check the provider's region and endpoints: this host does not offer the product."
        }
        "InvalidProtocol.NeedSsl" => "Set protocol = \"HTTPS\" in the provider.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_class_that_their_page_gives_them() {
        use ErrorClass::*;
        for (action, code, status, class) in [
            ("CreateSnapshot", "Throttling", 403, Throttled),
            ("CreateSnapshot", "Throttling.User", 400, Throttled),
            ("CreateSnapshot", "IncorrectDiskStatus.CreatingSnapshot", 403, Busy),
            ("CreateSnapshot", "QuotaExceed.ConcurrentSnapshotQuota", 403, Busy),
            ("CreateSnapshot", "QuotaExceed.Snapshot", 403, Quota),
            ("CreateSnapshot", "IdempotentProcessing", 403, Busy),
            ("CreateSnapshot", "IncorrectDesktopStatus", 403, Busy),
            ("CreateSnapshot", "IdempotentParameterMismatch", 403, Conflict),
            ("CreateSnapshot", "IncorrectDiskStatus.NeverAttached", 403, Conflict),
            ("CreateSnapshot", "InternalError", 500, Ambiguous),
            ("CreateSnapshot", "CreateSnapshot.Failed", 400, Ambiguous),
            ("CreateSnapshot", "InvalidDiskId.NotFound", 404, Missing),
            ("DeleteSnapshot", "InvalidDiskId.NotFound", 404, Invalid),
            ("DeleteSnapshot", "InvalidSnapshotId.NotFound", 404, Missing),
            ("DeleteSnapshot", "SnapshotCreatedImage", 403, Conflict),
            ("DeleteSnapshot", "InvalidParameter", 400, Invalid),
            ("ModifySnapshotAttribute", "InvalidSnapshotId.NotReady", 400, Busy),
            ("TagResources", "ServiceUnavailable", 500, Ambiguous),
            ("TagResources", "QuotaExceed.Tags", 403, Quota),
            ("DescribeDisks", "SomethingNew", 500, Ambiguous),
            ("DescribeDisks", "SomethingNew", 403, Unexpected),
        ] {
            assert_eq!(classify(action, code, status), class, "{action} {code} {status}");
        }
    }

    #[test]
    fn status_404_alone_never_means_missing() {
        for code in
            ["InvalidAccessKeyId.NotFound", "InvalidDescription.Malformed", "InvalidStatus.NotFound", "X"]
        {
            for action in ["CreateSnapshot", "DescribeSnapshots", "DeleteSnapshot"] {
                assert_ne!(classify(action, code, 404), ErrorClass::Missing, "{action} {code}");
            }
        }
    }
}
