"""What people are told inside the portal: reviews that wait, answers, checks that are due."""
