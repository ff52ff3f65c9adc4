provider "terraform" {
  version = "x"
}
