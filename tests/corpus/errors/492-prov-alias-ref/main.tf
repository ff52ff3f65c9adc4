provider "alicloud" {
  alias = var.x
}
