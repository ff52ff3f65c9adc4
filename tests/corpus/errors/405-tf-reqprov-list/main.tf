terraform {
  required_providers {
    alicloud = ["x"]
  }
}
