terraform {
  required_providers {
    alicloud = { source = "Hello World" }
  }
}
