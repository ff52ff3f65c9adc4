terraform {
  required_providers {
    foo = {
      version = ">= 1"
      srce = "x"
    }
  }
}
