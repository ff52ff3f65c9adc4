variable "plan_name" {
  description = "What the names of the recovery points begin with."
  type        = string
  default     = "nightly"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.plan_name))
    error_message = "The plan name is 2 to 21 characters: a lower-case letter, then lower-case letters, digits and hyphens."
  }
}

variable "retention_days" {
  description = "How many days ECS keeps a snapshot."
  type        = number
  default     = 30
}

variable "file_systems" {
  description = "The CFS file systems, by a name of ours."
  type        = map(string)
  default = {
    home    = "cfs-1000000a"
    uploads = "cfs-1000000b"
  }
}

variable "table" {
  description = "The TcaplusDB table of the players."
  type = object({
    cluster_id     = string
    table_group_id = string
    table_name     = string
  })
  default = {
    cluster_id     = "19162256624"
    table_group_id = "1"
    table_name     = "tb_player"
  }
}
