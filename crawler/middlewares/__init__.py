"""What is around each request and answer: walls, robots.txt, retries, evidence; Scrapy's middlewares."""
